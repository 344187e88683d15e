using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Unseen.Web.Monitoring;

/// <summary>Listens to one meter and writes its numbers in the text format of Prometheus, version 0.0.4.</summary>
internal sealed class PrometheusText : IDisposable
{
    /// <summary>Media type of the text.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private static readonly double[] Seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
    private static readonly double[] Counts = [1, 2, 4, 8, 16, 32, 64, 128];

    private readonly MeterListener listener = new();
    private readonly Lock access = new();
    private readonly SortedDictionary<string, Family> families = new(StringComparer.Ordinal);

    /// <summary>Begins to listen.</summary>
    public PrometheusText(Meter meter)
    {
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (!ReferenceEquals(instrument.Meter, meter)) return;
            lock (access) families[instrument.Name] = new(instrument);
            self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Record(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Record(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Record(instrument, value, tags));
        listener.Start();
    }

    /// <summary>All numbers at this moment.</summary>
    public string Write()
    {
        listener.RecordObservableInstruments();
        var text = new StringBuilder();
        lock (access)
            foreach (var family in families.Values) family.Write(text);
        return text.ToString();
    }

    public void Dispose() => listener.Dispose();

    private void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = Labels(tags);
        lock (access) families[instrument.Name].Record(labels, value);
    }

    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty) return "";
        var text = new StringBuilder();
        foreach (var (name, value) in tags)
            text.Append(text.Length == 0 ? "" : ",").Append(name).Append("=\"").Append(Escaped(Convert.ToString(value, CultureInfo.InvariantCulture)!)).Append('"');
        return text.ToString();
    }

    private static string Escaped(string value) => value.Replace("\\", @"\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    /// <summary>All series of one instrument.</summary>
    private sealed class Family(Instrument instrument)
    {
        private readonly SortedDictionary<string, Series> series = new(StringComparer.Ordinal);
        private readonly bool isHistogram = instrument is Histogram<double>;
        private readonly bool isTotal = instrument is Counter<long> or ObservableCounter<double>;
        private readonly bool isObserved = instrument.IsObservable;
        private readonly double[] bounds = instrument is not Histogram<double> ? [] : instrument.Unit == "s" ? Seconds : Counts;

        public void Record(string labels, double value)
        {
            if (!series.TryGetValue(labels, out var one)) series.Add(labels, one = new(new long[bounds.Length]));
            one.Sum = isObserved ? value : one.Sum + value;
            one.Count++;
            for (var i = 0; i < bounds.Length; i++)
                if (value <= bounds[i]) one.Buckets[i]++;
        }

        public void Write(StringBuilder text)
        {
            var name = isTotal ? instrument.Name + "_total" : instrument.Name;
            text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {instrument.Description}\n# TYPE {name} {(isHistogram ? "histogram" : isTotal ? "counter" : "gauge")}\n");
            foreach (var (labels, one) in series)
                if (isHistogram) WriteHistogram(text, name, labels, one);
                else text.Append(CultureInfo.InvariantCulture, $"{name}{(labels.Length == 0 ? "" : $"{{{labels}}}")} {one.Sum:R}\n");
        }

        private void WriteHistogram(StringBuilder text, string name, string labels, Series one)
        {
            var first = labels.Length == 0 ? "" : labels + ",";
            for (var i = 0; i < bounds.Length; i++)
                text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{{first}le=\"{bounds[i]:R}\"}} {one.Buckets[i]}\n");
            text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{{first}le=\"+Inf\"}} {one.Count}\n");
            var braces = labels.Length == 0 ? "" : $"{{{labels}}}";
            text.Append(CultureInfo.InvariantCulture, $"{name}_sum{braces} {one.Sum:R}\n{name}_count{braces} {one.Count}\n");
        }
    }

    /// <summary>One series. Buckets are cumulative, as they are written.</summary>
    private sealed class Series(long[] buckets)
    {
        public long[] Buckets { get; } = buckets;

        public double Sum { get; set; }

        public long Count { get; set; }
    }
}
