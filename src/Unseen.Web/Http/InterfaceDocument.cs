using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Unseen.Web.Http;

/// <summary>The OpenAPI document at /openapi/v1.json.</summary>
internal static class InterfaceDocument
{
    private const string TokenScheme = "token";

    private static readonly Dictionary<string, string> Parameters = new(StringComparer.Ordinal)
    {
        ["model"] = "Name of the model; the first one by default.",
        ["top"] = "Number of classes, best first; 5 by default.",
        ["candidates"] = "Classes that the picture may belong to: all, seen or unseen.",
        ["whyNot"] = "Class to compare the answer with, instead of the second best.",
        ["attributes"] = "Number of attributes, the strongest for or against; 8 by default.",
        ["image"] = "Identifier of a picture that was sent before (header Unseen-Image), instead of a body.",
        ["name"] = "Name of the class, percent-encoded.",
    };

    /// <summary>Adds what makes it.</summary>
    public static void Add(IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new() { Title = "Unseen", Version = "v1", Description = "Zero-shot image classification: pictures in, names with reasons out." };
            document.Servers = [];
            document.Components ??= new();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                [TokenScheme] = new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.Http,
                    Scheme = "bearer",
                    Description = "The token of the server. Changes of classes need it; every /v1 call when the server is reached from other machines.",
                },
            };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>())
                parameter.Description = Parameters.GetValueOrDefault(parameter.Name ?? "", "");
            if (context.Description.RelativePath is { } path && path.StartsWith("v1/", StringComparison.Ordinal))
                operation.Security = [new() { [new OpenApiSecuritySchemeReference(TokenScheme, context.Document)] = [] }];
            return Task.CompletedTask;
        });
    });
}
