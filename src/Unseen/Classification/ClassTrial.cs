namespace Unseen.Classification;

/// <summary>What a class would do that the model does not have: nothing of the model is changed.</summary>
/// <param name="Addition">What adding it would say: where missing values come from, and which classes are very similar.</param>
/// <param name="Values">The whole row of the class after filling, one value per attribute, in the scale of the model.</param>
/// <param name="Image">What the model with this class says about the picture; null when there was none.</param>
public sealed record ClassTrial(ClassAddition Addition, IReadOnlyList<float> Values, ClassifiedImage? Image);
