using Unseen.Experiments.Reproduction;
using Xunit;

namespace Unseen.Tests.Experiments;

/// <summary>
/// The published figures of all shipped experiments and of the rows of their ablation tables, written down a second time: T1, U, S, H, and
/// null where the publication has none. Sections are those of the specification.
/// </summary>
public sealed class PublishedFiguresTests
{
    private static readonly Dictionary<string, (double? T1, double? U, double? S, double? H)> Published = new()
    {
        // 1.7: MSDN; of MSDN++ only what notes of others show
        ["msdn-cub"] = (76.1, 68.7, 67.5, 68.1),
        ["msdn-sun"] = (65.8, 52.2, 34.2, 41.3),
        ["msdn-awa2"] = (70.1, 62.0, 74.5, 67.7),
        ["msdn-flo"] = (null, null, null, 70.3),
        ["msdnpp-cub"] = (78.5, null, null, 70.6),
        ["msdnpp-sun"] = (null, null, null, 42.1),
        ["msdnpp-awa2"] = (null, null, null, 72.5),
        ["msdnpp-flo"] = (null, 69.2, 80.7, 74.5),
        // 2.6: CVsC, then its ablation
        ["cvsc-cub"] = (79.1, 72.4, 78.4, 75.3),
        ["cvsc-sun"] = (71.5, 61.9, 47.6, 53.8),
        ["cvsc-awa2"] = (73.1, 68.0, 87.0, 76.4),
        ["cvsc-cub: Baseline"] = (74.3, null, null, 66.9),
        ["cvsc-cub: CVsC w/o CCL"] = (77.6, null, null, 71.4),
        ["cvsc-cub: CVsC w/o SCI"] = (77.6, null, null, 73.9),
        ["cvsc-cub: CVsC w/o TCI"] = (77.1, null, null, 73.0),
        ["cvsc-cub: CVsC"] = (79.1, null, null, 75.3),
        ["cvsc-sun: Baseline"] = (68.1, null, null, 48.7),
        ["cvsc-sun: CVsC w/o CCL"] = (69.4, null, null, 49.2),
        ["cvsc-sun: CVsC w/o SCI"] = (71.2, null, null, 53.2),
        ["cvsc-sun: CVsC w/o TCI"] = (70.3, null, null, 51.7),
        ["cvsc-sun: CVsC"] = (71.5, null, null, 53.8),
        ["cvsc-awa2: Baseline"] = (59.8, null, null, 58.9),
        ["cvsc-awa2: CVsC w/o CCL"] = (65.4, null, null, 62.8),
        ["cvsc-awa2: CVsC w/o SCI"] = (72.5, null, null, 76.3),
        ["cvsc-awa2: CVsC w/o TCI"] = (70.1, null, null, 73.8),
        ["cvsc-awa2: CVsC"] = (73.1, null, null, 76.4),
        // 3.5: DUET, then its ablation; AWA2-KG has a figure in words only
        ["duet-cub"] = (72.3, 62.9, 72.8, 67.5),
        ["duet-sun"] = (64.4, 45.7, 45.8, 45.8),
        ["duet-awa2"] = (69.9, 63.7, 84.7, 72.7),
        ["duet-awa2-kg"] = (null, null, null, null),
        ["duet-awa2: Only ENC_vis"] = (null, null, null, 64.1),
        ["duet-awa2: CSG w/ hidden"] = (null, null, null, 61.7),
        ["duet-awa2: CSG w/ hidden + pooling"] = (null, null, null, 63.6),
        ["duet-awa2: CSG freeze ENC_lan"] = (null, null, null, 66.5),
        ["duet-awa2: CSG w/ only prompt"] = (null, null, null, 61.7),
        ["duet-awa2: CSG w/o prompt"] = (null, null, null, 64.9),
        ["duet-awa2: CSG w/o LWRS"] = (null, null, null, 66.9),
        ["duet-awa2: CSG w/o RAP"] = (null, null, null, 67.4),
        ["duet-awa2: CSG w/o L_con"] = (null, null, null, 68.4),
        ["duet-awa2: CSG"] = (null, null, null, 69.2),
        ["duet-awa2: DUET"] = (null, null, null, 72.7),
        // 4.5: MLIS, table 2
        ["mlis-cub"] = (null, 66.1, 66.7, 66.4),
        ["mlis-awa2"] = (null, 62.0, 78.2, 69.2),
        ["mlis-sun"] = (null, 45.6, 37.9, 41.4),
        ["mlis-flo"] = (null, 62.8, 82.9, 71.5),
        ["mlis-apy"] = (null, 34.6, 66.1, 45.4),
        // 4.5, table 3
        ["mlis-cub: ML"] = (null, 54.7, 45.0, 49.3),
        ["mlis-cub: ML + IS"] = (null, 65.0, 67.0, 66.0),
        ["mlis-cub: ML + IS + SFR"] = (null, 66.6, 66.7, 66.6),
        ["mlis-awa2: ML"] = (null, 53.7, 73.6, 62.1),
        ["mlis-awa2: ML + IS"] = (null, 62.6, 78.0, 69.4),
        ["mlis-awa2: ML + IS + SFR"] = (null, 62.6, 79.7, 70.1),
        ["mlis-sun: ML"] = (null, 46.0, 36.1, 40.5),
        ["mlis-sun: ML + IS"] = (null, 45.6, 36.2, 40.4),
        ["mlis-sun: ML + IS + SFR"] = (null, 47.3, 38.0, 42.2),
        ["mlis-flo: ML"] = (null, 61.8, 81.1, 70.1),
        ["mlis-flo: ML + IS"] = (null, 60.8, 79.8, 69.0),
        ["mlis-flo: ML + IS + SFR"] = (null, 62.1, 85.6, 72.0),
        ["mlis-apy: ML"] = (null, 29.9, 60.9, 40.1),
        ["mlis-apy: ML + IS"] = (null, 35.1, 62.2, 44.9),
        ["mlis-apy: ML + IS + SFR"] = (null, 35.2, 68.0, 46.4),
        // 4.5, table 4; its rows of the circle loss are those of table 3
        ["mlis-cub: contrastive loss"] = (null, 46.4, 51.2, 48.7),
        ["mlis-cub: contrastive loss + IS"] = (null, 58.7, 62.5, 60.5),
        ["mlis-cub: multi-similarity loss"] = (null, 51.3, 25.2, 33.8),
        ["mlis-cub: multi-similarity loss + IS"] = (null, 65.1, 67.9, 66.5),
        ["mlis-awa2: contrastive loss"] = (null, 54.0, 73.3, 62.2),
        ["mlis-awa2: contrastive loss + IS"] = (null, 53.8, 76.9, 63.3),
        ["mlis-awa2: multi-similarity loss"] = (null, 45.7, 77.0, 57.4),
        ["mlis-awa2: multi-similarity loss + IS"] = (null, 56.5, 80.4, 66.4),
        // 5: linear baselines as published; T1 and U/S/H are two tables
        ["devise-cub"] = (52.0, 23.8, 53.0, 32.8),
        ["devise-awa2"] = (59.7, 17.1, 74.7, 27.8),
        ["devise-apy"] = (39.8, 4.9, 76.9, 9.2),
        ["devise-sun"] = (56.5, 16.9, 27.4, 20.9),
        ["sje-cub"] = (53.9, 23.5, 59.2, 33.6),
        ["sje-awa2"] = (61.9, 8.0, 73.9, 14.4),
        ["sje-apy"] = (32.9, 3.7, 55.7, 6.9),
        ["sje-sun"] = (53.7, 14.7, 30.5, 19.8),
        ["ale-cub"] = (54.9, 23.7, 62.8, 34.4),
        ["ale-awa2"] = (62.5, 14.0, 81.8, 23.9),
        ["ale-apy"] = (39.7, 4.6, 73.7, 8.7),
        ["ale-sun"] = (58.1, 21.8, 33.1, 26.3),
        ["eszsl-cub"] = (53.9, 12.6, 63.8, 21.0),
        ["eszsl-awa2"] = (58.6, 5.9, 77.8, 11.0),
        ["eszsl-apy"] = (38.3, 2.4, 70.1, 4.6),
        ["eszsl-sun"] = (54.5, 11.0, 27.9, 15.8),
        ["sae-cub"] = (33.3, 7.8, 54.0, 13.6),
        ["sae-awa2"] = (54.1, 1.1, 82.2, 2.2),
        ["sae-apy"] = (8.3, 0.4, 80.9, 0.9),
        ["sae-sun"] = (40.3, 8.8, 18.0, 11.8),
        // 6: DAZLE
        ["dazle-cub"] = (66.0, 56.7, 59.6, 58.1),
        ["dazle-sun"] = (59.4, 52.3, 24.3, 33.2),
        ["dazle-awa2"] = (67.9, 60.3, 75.7, 67.1),
        // 10: f-CLSWGAN
        ["f-clswgan-cub"] = (57.3, 43.7, 57.7, 49.7),
        ["f-clswgan-cub-sentences"] = (null, 50.3, 58.3, 54.0),
        ["f-clswgan-awa2"] = (65.3, 56.1, 65.5, 60.4),
        ["f-clswgan-sun"] = (60.8, 42.6, 36.6, 39.4),
        ["f-clswgan-flo"] = (67.2, 59.0, 73.8, 65.6),
        ["f-clswgan-apy"] = (40.5, 32.9, 61.7, 42.9),
        // 13: CE-GZSL
        ["ce-gzsl-cub"] = (77.5, 63.9, 66.8, 65.3),
        ["ce-gzsl-cub-attributes"] = (null, 52.4, 60.9, 56.4),
        ["ce-gzsl-sun"] = (63.3, 48.8, 38.6, 43.1),
        ["ce-gzsl-awa2"] = (70.4, 63.1, 78.6, 70.0),
    };

    private static readonly Dictionary<string, PublishedFigures> Shipped = ExperimentCatalog.BuiltIn
        .SelectMany(e => e.Ablation.Where(row => row.Published.Relative is null).Select(row => ($"{e.Name}: {row.Name}", row.Published)).Prepend((e.Name, e.Published)))
        .ToDictionary(row => row.Item1, row => row.Published);

    public static TheoryData<string> Names => [.. Published.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_figures_of_a_row_are_the_published_ones(string name)
    {
        var found = Shipped[name];
        Assert.Equal(Published[name], (found.T1, found.U, found.S, found.H));
    }

    [Fact]
    public void Every_row_of_every_shipped_experiment_is_compared() => Assert.Equal(Published.Keys.Order(), Shipped.Keys.Order());
}
