namespace Unseen.Cli.Diagnostics;

/// <summary>One line of `unseen doctor`.</summary>
/// <param name="Name">What was looked at.</param>
/// <param name="Usable">False when Unseen cannot work until it is repaired.</param>
/// <param name="Found">Version, number or fault.</param>
/// <param name="Cure">What to do when it is not usable.</param>
internal sealed record DoctorCheck(string Name, bool Usable, string Found, string? Cure = null);
