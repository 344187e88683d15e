namespace Unseen;

/// <summary>Options with rules that span several fields; rules of one field are DataAnnotations such as <c>[Range]</c>.</summary>
public interface IValidatedOptions
{
    /// <summary>One sentence per broken rule, naming keys as they are written in YAML (camelCase); empty when all is well.</summary>
    IEnumerable<string> Validate();
}
