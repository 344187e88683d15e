using Unseen.Classification;
using Unseen.Features;

namespace Unseen.Cli;

/// <summary>Loads the model of a command.</summary>
internal static class LoadedClassifier
{
    /// <summary>The model; a backbone file that it has no use for is refused, since the user means something by giving it.</summary>
    /// <exception cref="ConfigurationException">A file is none of the model's backbones, or no class is a candidate.</exception>
    public static ZeroShotClassifier Load(string runFolder, ClassifierOptions options)
    {
        var classifier = ZeroShotClassifier.Load(runFolder, options);
        try
        {
            var own = classifier.Model.Backbones.Select(b => b.Description.Sha256).ToList();
            var others = options.Backbones.Where(file => !own.Contains(OnnxBackbone.Sha256Of(file))).ToList();
            var kind = options.Candidates;
            if (kind != CandidateClasses.All && classifier.Classes.All(c => c.Seen == (kind == CandidateClasses.Unseen)))
                throw new ConfigurationException([$"The model has no {kind.ToString().ToLowerInvariant()} class, so --candidates {kind.ToString().ToLowerInvariant()} leaves none. Leave it out."]);
            if (others.Count == 0) return classifier;
            throw new ConfigurationException([.. others.Select(file => $"--backbone {file} is none of the backbones that the model was trained with "
                + $"({string.Join(", ", classifier.Model.Backbones.Select(b => b.Description.Name))}). Leave it out.")]);
        }
        catch
        {
            classifier.Dispose();
            throw;
        }
    }
}
