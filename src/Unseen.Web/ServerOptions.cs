namespace Unseen.Web;

/// <summary>How models are served.</summary>
public sealed record ServerOptions
{
    /// <summary>The models; the first is the one that is meant when a request names none.</summary>
    public required IReadOnlyList<ModelSource> Models { get; init; }

    /// <summary>Addresses to listen on, http only. The default value is http://127.0.0.1:5080; port 0 takes a free one.</summary>
    public IReadOnlyList<string> Urls { get; init; } = ["http://127.0.0.1:5080"];

    /// <summary>Secret that changes need and, when the server listens beyond this machine, every call. The default value is null: none.</summary>
    public string? Token { get; init; }

    /// <summary>Pictures that are decoded and sent through a backbone at the same time; 0 means one per processor. The default value is 0.</summary>
    public int Threads { get; init; }

    /// <summary>
    /// Number format of the large products of the models; backbones run in 32 bits. A model whose method has no such products stays f32; when that is true of all,
    /// the format is refused. The default value is null: as each was trained.
    /// </summary>
    public Precision? Precision { get; init; }

    /// <summary>Pictures that may wait or be in work; more are refused with 429. The default value is 256.</summary>
    public int Queue { get; init; } = 256;

    /// <summary>Pictures that are scored together at most. The default value is 32.</summary>
    public int Batch { get; init; } = 32;

    /// <summary>Time for one request, its upload included. The default value is 30 seconds.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Time that requests have to finish when the server stops. The default value is 20 seconds.</summary>
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Limit on the body of a request. The default value is 32 MiB.</summary>
    public long MaximumBodyBytes { get; init; } = 32L << 20;

    /// <summary>Memory for all bodies together is never less. The default value is 256 MiB; tests take less.</summary>
    internal long LeastBodyMemory { get; init; } = 256L << 20;

    /// <summary>Limit on height * width of a picture, checked before decoding. The default value is 64 million.</summary>
    public long MaximumPixels { get; init; } = 64_000_000;

    /// <summary>Limit on pictures in one request. The default value is 64, and never more than <see cref="Queue"/>.</summary>
    public int MaximumImages { get; init; } = 64;

    /// <summary>ONNX files for backbones that are not in a model folder. The default value is empty.</summary>
    public IReadOnlyList<string> Backbones { get; init; } = [];

    /// <summary>
    /// Names under which a server on loopback may be called, beside localhost and loopback addresses; for a proxy. The default value is empty.
    /// </summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>
    /// Sites whose pages may call /v1 from a browser (CORS), for example https://birds.example. The default value is empty: only the server's own page.
    /// </summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = [];

    /// <summary>Write logs as JSON, a line each, instead of text. The default value is false.</summary>
    public bool JsonLogs { get; init; }

    /// <summary>Memory for all bodies together, those that wait in the queue included: 16 of the largest.</summary>
    internal long BodyMemory => Math.Max(LeastBodyMemory, 16 * MaximumBodyBytes);

    /// <summary>Pictures of one request: the smaller of the two limits.</summary>
    internal int ImagesPerRequest => Math.Min(MaximumImages, Queue);

    /// <summary>Names every problem.</summary>
    /// <exception cref="ConfigurationException">Something is wrong.</exception>
    internal void Validate()
    {
        var errors = new List<string>();
        if (Models.Count == 0) errors.Add("Give at least one model.");
        errors.AddRange(Models.GroupBy(m => m.Name, StringComparer.Ordinal).Where(g => g.Count() > 1)
            .Select(g => $"Two models are called '{g.Key}'. Name them: NAME=RUN."));
        Require(Threads >= 0, $"Threads must be at least 0, found {Threads}.");
        Require(Queue is >= 1 and <= 100_000, $"The queue must have a length of 1..100000, found {Queue}.");
        Require(Batch is >= 1 and <= 4096, $"The batch must have a size of 1..4096, found {Batch}.");
        Require(Timeout > TimeSpan.Zero && Timeout <= TimeSpan.FromDays(1), $"The timeout must be more than 0 seconds and at most a day, found {Timeout}.");
        Require(MaximumBodyBytes is >= 1024 and <= 1 << 30, $"The limit on a body must be from 1024 to {1 << 30} bytes, found {MaximumBodyBytes}.");
        Require(MaximumPixels >= 1, $"The limit on pixels must be at least 1, found {MaximumPixels}.");
        Require(MaximumImages >= 1, $"The limit on pictures must be at least 1, found {MaximumImages}.");
        errors.AddRange(AllowedOrigins.Select(Security.AccessGuard.OriginProblem).OfType<string>());
        errors.AddRange(ListenAddress.Problems(Urls));
        errors.AddRange(Security.AccessToken.Problems(Token, errors.Count > 0 || ListenAddress.Parse(Urls).All(a => a.IsLoopback)));
        if (errors.Count > 0) throw new ConfigurationException(errors);

        void Require(bool isRight, string message)
        {
            if (!isRight) errors.Add(message);
        }
    }
}
