using System.Text.Json;
using Unseen.Data.Formats;
using Unseen.Experiments.Configuration;
using Unseen.Reports;

namespace Unseen.Experiments;

/// <summary>The folder of a run, and the only place that knows its layout.</summary>
public sealed class RunDirectory
{
    private static readonly string[] OwnEntries =
        ["config.yaml", "metrics.jsonl", "report.json", "report.html", "selection.json", "log.txt", "plots", "checkpoint", "model", "tensorboard"];

    private RunDirectory(string path) => FullPath = Path.GetFullPath(path);

    /// <summary>Full path of the folder.</summary>
    public string FullPath { get; }

    /// <summary>report.json.</summary>
    public string ReportPath => At("report.json");

    /// <summary>report.html.</summary>
    public string HtmlPath => At("report.html");

    /// <summary>Folder of the plots.</summary>
    public string PlotsPath => At("plots");

    /// <summary>Folder of the trained model.</summary>
    public string ModelPath => At("model");

    /// <summary>metrics.jsonl.</summary>
    public string MetricsPath => At("metrics.jsonl");

    /// <summary>Folder of the TensorBoard files.</summary>
    public string TensorBoardPath => At("tensorboard");

    /// <summary>Opens a folder for a run: a new one, an unfinished one to continue, or one to replace.</summary>
    /// <param name="path">Run folder.</param>
    /// <param name="config">Complete configuration of the run.</param>
    /// <param name="resume">Continue what is there.</param>
    /// <param name="force">Replace what is there.</param>
    /// <exception cref="ConfigurationException">The folder is not empty, or holds a run with other options.</exception>
    public static RunDirectory Open(string path, ExperimentConfig config, bool resume, bool force)
    {
        var directory = new RunDirectory(path);
        var stored = directory.At("config.yaml");
        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
        {
            if (!resume && !force)
                throw new ConfigurationException([$"{path} is not empty. Use --resume to continue its run, --force to replace it, or another --out."]);
            if (!resume)
                using (directory.Lock()) directory.Clear();
            else if (!File.Exists(stored))
                throw new ConfigurationException([
                    $"{path} holds files, but no run to continue (no config.yaml). Use an empty folder as --out."]);
        }
        if (File.Exists(stored)) RequireSame(stored, config);
        else AtomicFile.WriteText(stored, ConfigWriter.Write(config, comments: false));
        return directory;
    }

    /// <summary>The folder of an existing run, or of its model.</summary>
    /// <exception cref="DatasetFormatException">There is no run.</exception>
    public static RunDirectory Find(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Path.GetFileName(full) == "model" && !File.Exists(Path.Combine(full, "config.yaml"))) full = Path.GetDirectoryName(full)!;
        return Directory.Exists(full) ? new RunDirectory(full) : throw new DatasetFormatException(path, "there is no such run folder.");
    }

    /// <summary>The folder of one of several seeds.</summary>
    public RunDirectory ForSeed(int seed)
    {
        var folder = new RunDirectory(At($"seed-{seed}"));
        Directory.CreateDirectory(folder.FullPath);
        return folder;
    }

    /// <summary>The stored report of a finished run, or null.</summary>
    public ZslReport? FinishedReport => FileErrors.Exists(ReportPath) ? ZslReport.Read(ReportPath) : null;

    /// <summary>True when a folder, which need not exist, holds a run that has ended.</summary>
    internal static bool IsFinished(string path) => File.Exists(new RunDirectory(path).ReportPath);

    /// <summary>File of a checkpoint of one phase.</summary>
    public string CheckpointPath(string phase) => Path.Combine(At("checkpoint"), $"{phase}.safetensors");

    /// <summary>A value that was computed before the run was interrupted, or a new one, stored for the next time.</summary>
    public T Remember<T>(string name, Func<T> compute) where T : class
    {
        var path = At($"{name}.json");
        if (File.Exists(path)) return Stored<T>(path);
        var value = compute();
        AtomicFile.WriteText(path, JsonSerializer.Serialize(value, StoredJson));
        return value;
    }

    private static T Stored<T>(string path) where T : class
    {
        try { return StrictJson.Read<T>(File.ReadAllText(path), StoredJson); }
        catch (JsonException e) { throw new DatasetFormatException(path, $"what was chosen before the interruption cannot be read: {e.Message} Delete the file to choose anew.", e); }
    }

    /// <summary>Keeps other processes from running in this folder until it is disposed.</summary>
    /// <exception cref="ConfigurationException">Another process runs here.</exception>
    public IDisposable Lock()
    {
        try { return new FileStream(At("run.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose); }
        catch (IOException e) when (e is not (DirectoryNotFoundException or FileNotFoundException))
        {
            throw new ConfigurationException([$"{FullPath}: another process runs in this folder, or it cannot be written ({e.Message}). Wait for it, or use another --out."]);
        }
    }

    /// <summary>Adds a line to log.txt.</summary>
    public void Log(string line) => File.AppendAllText(At("log.txt"), $"{TimeProvider.System.GetUtcNow():u} {line}\n");

    private static readonly JsonSerializerOptions StoredJson = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    private string At(string name) => Path.Combine(FullPath, name);

    /// <summary>Removes what a run writes, and nothing else.</summary>
    private void Clear()
    {
        foreach (var entry in Directory.EnumerateFileSystemEntries(FullPath).ToList())
        {
            var name = Path.GetFileName(entry);
            if (!OwnEntries.Any(own => name == own || IsLeftOf(own, name)) && !IsSeedFolder(entry, name)) continue;
            if (Directory.Exists(entry)) Directory.Delete(entry, recursive: true);
            else File.Delete(entry);
        }
    }

    /// <summary>True for what a kill during a write has left.</summary>
    private static bool IsLeftOf(string own, string name) =>
        name.StartsWith(own + ".", StringComparison.Ordinal) && name.EndsWith(AtomicFile.TemporaryExtension, StringComparison.Ordinal);

    private static bool IsSeedFolder(string entry, string name) =>
        name.StartsWith("seed-", StringComparison.Ordinal) && int.TryParse(name[5..], out _) && Directory.Exists(entry);

    private static void RequireSame(string path, ExperimentConfig config)
    {
        var stored = ExperimentConfigLoader.Load(ConfigDocument.Load(path));
        var differences = OptionsDifference.Find(stored, config);
        if (differences.Count > 0)
            throw new ConfigurationException([$"{path}: the stored run has other options. Use the same ones, or another --out.", .. differences.Select(d => "  " + d)]);
    }
}
