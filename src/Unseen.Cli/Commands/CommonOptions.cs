using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Unseen.Cli.Commands;

/// <summary>Options that several commands share, so that they read the same everywhere.</summary>
internal static class CommonOptions
{
    private const int MostThreads = 64, ThreadsPerProcessor = 4;

    public static Option<bool> Json() => new("--json") { Description = "Print JSON for programs." };

    public static Option<string?> Dataset(bool required) =>
        new("--dataset") { Description = "Dataset folder.", HelpName = "DIR", Required = required };

    public static Option<string[]> Features() =>
        new("--features") { Description = "Feature store; may be given several times.", HelpName = "FILE", DefaultValueFactory = _ => [] };

    public static Option<string[]> Set(string example) =>
        new("--set")
        {
            Description = $"Set one key, for example {example}; may be given several times.",
            HelpName = "key=value",
            DefaultValueFactory = _ => [],
        };

    public static Option<string> Output(string description, string helpName) =>
        new("--out") { Description = description, HelpName = helpName, Required = true };

    public static Option<bool> Force() => new("--force") { Description = "Replace what is there." };

    public static Option<string> Candidates() => new Option<string>("--candidates")
    {
        Description = "Classes that a picture may belong to.",
        DefaultValueFactory = _ => "all",
    }
        .AcceptOnlyFromAmong("all", "unseen", "seen");

    /// <summary>Of a trained model in use.</summary>
    public static Option<string?> Precision() => new Option<string?>("--precision")
    {
        Description = "Number format of the large matrix products of the model; as in training by default.",
    }
        .AcceptOnlyFromAmong("f32", "bf16");

    /// <summary>The number format of a name, or null.</summary>
    public static Precision? PrecisionOf(string? name) => name is null ? null : Enum.Parse<Precision>(name, ignoreCase: true);

    /// <summary>Refuses two options that contradict each other.</summary>
    public static Command RefuseBoth(this Command command, Option one, Option other)
    {
        command.Validators.Add(result =>
        {
            if (result.GetResult(one) is { Implicit: false } && result.GetResult(other) is { Implicit: false }) result.AddError($"Give {one.Name} or {other.Name}, not both.");
        });
        return command;
    }

    /// <summary>Of pictures that people give.</summary>
    public static Option<long?> MaximumPixels(long normal)
    {
        var option = new Option<long?>("--max-pixels") { Description = $"Limit on height * width of a picture; {normal.ToString(CultureInfo.InvariantCulture)} by default.", HelpName = "N" };
        option.Validators.Add(result => Require(result, n => n >= 1, "at least 1"));
        return option;
    }

    public static Option<string[]> Backbones() => new("--backbone")
    {
        Description = "ONNX file of a backbone that is not in the model folder; may be given several times.",
        HelpName = "FILE",
        DefaultValueFactory = _ => [],
    };

    /// <summary>Threads beyond some per processor only take memory; thousands end other programs.</summary>
    public static Option<int?> Threads(string what)
    {
        var option = AtLeastOne("--threads", $"{what}; all processors by default.");
        var most = Math.Max(MostThreads, ThreadsPerProcessor * Environment.ProcessorCount);
        option.Validators.Add(result => Require(result, number => number <= most, $"at most {most} on this machine"));
        return option;
    }

    /// <summary>A number of 1 or more.</summary>
    public static Option<int?> AtLeastOne(string name, string description)
    {
        var option = new Option<int?>(name) { Description = description, HelpName = "N" };
        option.Validators.Add(result => Require(result, number => number >= 1, "at least 1"));
        return option;
    }

    /// <summary>A number of a range, with a decimal point whatever the language of the system.</summary>
    public static Option<double?> Number(string name, string description, string helpName, Func<double, bool> isValid, string range)
    {
        var option = new Option<double?>(name)
        {
            Description = description,
            HelpName = helpName,
            CustomParser = result => ReadNumber(name, result),
        };
        option.Validators.Add(result => Require(result, isValid, range));
        return option;
    }

    private static double? ReadNumber(string name, ArgumentResult result)
    {
        if (result.Tokens is not [var token]) return null;
        if (IsNumber(token.Value, out var number)) return number;
        var kind = token.Value.Contains(',', StringComparison.Ordinal) ? "a number with a decimal point, for example 0.5" : "a number";
        result.AddError($"{name} must be {kind}, found '{token.Value}'.");
        return null;
    }

    private static bool IsNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    /// <summary>Refuses a number outside its range, which is what follows "must be"; what is no number at all is refused by the parser itself.</summary>
    public static void Require(OptionResult result, Func<double, bool> isValid, string range)
    {
        if (result.Tokens is [var token] && IsNumber(token.Value, out var number) && !isValid(number))
            result.AddError($"{result.Option.Name} must be {range}, found {token.Value}.");
    }

    /// <summary>A file, a folder or a name.</summary>
    public static Argument<string> Text(string name, string description) => new(name) { Description = description };

    /// <summary>One or more files, folders or names.</summary>
    public static Argument<string[]> Texts(string name, string description) => new(name) { Description = description, Arity = ArgumentArity.OneOrMore };
}
