using System.Globalization;
using System.Text;
using System.Text.Json;
using Unseen.Classification;

namespace Unseen.Cli;

/// <summary>Writes predictions as they come, one picture after another.</summary>
internal abstract class PredictionWriter(TextWriter output) : IDisposable
{
    protected TextWriter Output { get; } = output;

    /// <summary>Writes a picture that was classified.</summary>
    public abstract void Write(string file, IReadOnlyList<Prediction> top);

    /// <summary>Notes a picture that could not be read; people and tables find it on standard error.</summary>
    public virtual void WriteFailed(string file, string error) { }

    /// <summary>Ends the output so that it is whole, also after a cancellation.</summary>
    public virtual void Dispose() => Output.Flush();

    protected static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}

/// <summary>For people: the file, then a line per class.</summary>
internal sealed class TextPredictions(TextWriter output) : PredictionWriter(output)
{
    public override void Write(string file, IReadOnlyList<Prediction> top)
    {
        var width = top.Count == 0 ? 0 : top.Max(p => PrintableWriter.OneLine(p.Class).Length);
        var text = new StringBuilder(PrintableWriter.OneLine(file)).Append('\n');
        foreach (var (rank, p) in top.Index())
            text.Append(CultureInfo.InvariantCulture,
                $"{rank + 1,4}  {PrintableWriter.OneLine(p.Class).PadRight(width)}  {(p.Unseen ? "unseen" : "seen  ")}  {Number(100 * p.Probability, "0.0"),5} %  score {Number(p.Score, "0.0000")}\n");
        Output.Write(text.ToString());
    }
}

/// <summary>For spreadsheets: a line per class, in CSV of RFC 4180.</summary>
internal sealed class CsvPredictions : PredictionWriter
{
    public CsvPredictions(TextWriter output) : base(output) => Output.Write("file,rank,class,probability,score,unseen\n");

    public override void Write(string file, IReadOnlyList<Prediction> top)
    {
        foreach (var (rank, p) in top.Index())
            Output.Write($"{Cell(file)},{CommandText.Of(rank + 1)},{Cell(p.Class)},{Number(p.Probability, "R")},{p.Score.ToString("R", CultureInfo.InvariantCulture)},{(p.Unseen ? "true" : "false")}\n");
    }

    private static string Cell(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}

/// <summary>For programs: an array with an object per picture.</summary>
internal sealed class JsonPredictions : PredictionWriter
{
    private bool any;

    public JsonPredictions(TextWriter output) : base(output) => Output.Write("[\n");

    public override void Write(string file, IReadOnlyList<Prediction> top) => Add(new { file, top });

    public override void WriteFailed(string file, string error) => Add(new { file, top = Array.Empty<Prediction>(), error });

    public override void Dispose()
    {
        Output.Write("]\n");
        base.Dispose();
    }

    private void Add<T>(T entry)
    {
        var lines = JsonSerializer.Serialize(entry, JsonOutput.Options).Split('\n');
        Output.Write($"{(any ? ", " : "  ")}{string.Join("\n  ", lines)}\n");     // whole lines: whoever reads them need not wait for the next picture
        any = true;
    }
}
