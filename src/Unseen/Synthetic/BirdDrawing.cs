using SkiaSharp;

namespace Unseen.Synthetic;

/// <summary>The shapes of one individual, in the order of painting, in the bird's own measure.</summary>
internal static class BirdDrawing
{
    /// <summary>Composes the drawing; the caller disposes the shapes.</summary>
    public static List<PaintedShape> Of(SketchIndividual bird, double lightVariation, SketchRandom random)
    {
        SKColor Color(string group) => SketchPalette.Shade(SketchPalette.Named(bird[group]), lightVariation, random);
        var (back, wing, belly, head) = (Color("back color"), Color("wing color"), Color("belly color"), Color("head color"));
        var (bill, leg) = (Color("bill color"), Color("leg color"));
        return
        [
            new(BirdAnatomy.Legs(), leg, BirdPart.Leg, LineWidth: 0.09f),
            new(BirdAnatomy.Tail(bird["tail shape"], bird.TailLift), back, BirdPart.Tail, Outlined: true),
            .. Trunk(bird, back, belly),
            .. HeadShapes(bird, head, bill),
            .. WingShapes(bird, wing),
        ];
    }

    private static IEnumerable<PaintedShape> Trunk(SketchIndividual bird, SKColor back, SKColor belly)
    {
        var body = BirdAnatomy.Body();
        yield return new(body, back, BirdPart.Back, Outlined: true);
        yield return new(BirdAnatomy.Nape(bird.HeadLift), back, BirdPart.Nape);
        yield return new(BirdAnatomy.Underside(breast: false), belly, BirdPart.Belly, Clip: body);
        yield return new(BirdAnatomy.Underside(breast: true), belly, BirdPart.Breast, Clip: body);
        var pattern = BirdPatterns.OnBreast(bird["breast pattern"]);
        if (pattern is not null)
            yield return new(pattern, SketchPalette.PatternOn(belly), Clip: body) { Decoration = true };
    }

    private static IEnumerable<PaintedShape> HeadShapes(SketchIndividual bird, SKColor head, SKColor bill)
    {
        var eye = new SKPoint(BirdAnatomy.HeadCenter.X + 0.09f, BirdAnatomy.HeadCenter.Y - 0.04f + bird.HeadLift);
        var beak = BirdAnatomy.Bill(bird["bill shape"], bird["bill length"] == "long", bird.HeadLift);
        yield return new(beak, bill, BirdPart.Bill, Outlined: true);
        yield return new(BirdAnatomy.Head(bird.HeadLift), head, BirdPart.Face, Outlined: true);
        yield return new(BirdAnatomy.Crown(bird["crown shape"] == "crested", bird.HeadLift), head, BirdPart.Crown);
        yield return Disc(eye, 0.075f, SKColors.White);
        yield return Disc(eye, 0.052f, SketchPalette.Ink);
        yield return Disc(new(eye.X + 0.02f, eye.Y - 0.022f), 0.02f, SKColors.White);
    }

    private static IEnumerable<PaintedShape> WingShapes(SketchIndividual bird, SKColor wing)
    {
        var outline = BirdAnatomy.Wing(bird.WingRaise);
        yield return new(outline, wing, BirdPart.Wing, Outlined: true);
        var pattern = BirdPatterns.OnWing(bird["wing pattern"], bird.WingRaise);
        if (pattern is not null)
            yield return new(pattern, SketchPalette.PatternOn(wing), Clip: outline) { Decoration = true };
    }

    private static PaintedShape Disc(SKPoint center, float radius, SKColor color)
    {
        var path = new SKPath();
        path.AddCircle(center.X, center.Y, radius);
        return new(path, color) { Decoration = true };
    }
}
