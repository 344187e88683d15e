using System.Diagnostics.Metrics;

namespace Unseen.Web.Monitoring;

/// <summary>What the server counts. Any listener of System.Diagnostics.Metrics sees it under the meter "Unseen.Web"; /metrics shows it as text.</summary>
internal sealed class ServerMetrics : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Unseen.Web";

    private readonly Meter meter = new(MeterName);
    private readonly Counter<long> requests, pictures, bytes;
    private readonly Histogram<double> duration, batch;

    public ServerMetrics()
    {
        Text = new(meter);
        requests = meter.CreateCounter<long>("unseen_http_requests", null, "Requests by route, method and status.");
        duration = meter.CreateHistogram<double>("unseen_http_request_duration_seconds", "s", "Time of requests by route.");
        bytes = meter.CreateCounter<long>("unseen_http_received_bytes", "By", "Bytes of bodies that were read.");
        pictures = meter.CreateCounter<long>("unseen_images", null, "Pictures by model and outcome: read or refused.");
        batch = meter.CreateHistogram<double>("unseen_batch_size", null, "Pictures that were scored together.");
        meter.CreateObservableGauge("process_resident_memory_bytes", () => Environment.WorkingSet, "By", "Resident memory of the process.");
        meter.CreateObservableCounter("process_cpu_seconds", () => Environment.CpuUsage.TotalTime.TotalSeconds, "s", "Processor time of the process.");
    }

    /// <summary>The numbers as Prometheus reads them.</summary>
    public PrometheusText Text { get; }

    /// <summary>Watches the queue.</summary>
    public void Observe(Func<int> length, int capacity)
    {
        meter.CreateObservableGauge("unseen_queue_length", length, null, "Pictures that wait or are in work.");
        meter.CreateObservableGauge("unseen_queue_capacity", () => capacity, null, "Pictures that may wait or be in work.");
    }

    /// <summary>Watches whether the server is ready.</summary>
    public void Observe(Func<bool> isReady) =>
        meter.CreateObservableGauge("unseen_ready", () => isReady() ? 1 : 0, null, "1 when the server takes pictures.");

    /// <summary>Counts a request.</summary>
    public void Request(string route, string method, int status, TimeSpan time)
    {
        requests.Add(1, new("route", route), new("method", method), new("status", status));
        duration.Record(time.TotalSeconds, new KeyValuePair<string, object?>("route", route));
    }

    /// <summary>Counts bytes of a body.</summary>
    public void Received(long count) => bytes.Add(count);

    /// <summary>Counts a picture.</summary>
    public void Picture(string model, string outcome) => pictures.Add(1, new("model", model), new("outcome", outcome));

    /// <summary>Counts a batch.</summary>
    public void Scored(int count) => batch.Record(count);

    public void Dispose()
    {
        Text.Dispose();
        meter.Dispose();
    }
}
