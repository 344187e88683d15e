using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Unseen.Web.Http;

/// <summary>The OpenAPI document at /openapi/v1.json.</summary>
internal static class InterfaceDocument
{
    private const string Name = "v1";
    private const string TokenScheme = "token";

    /// <summary>Adds what makes it.</summary>
    public static void Add(IServiceCollection services) => services.AddOpenApi(Name, options =>
    {
        options.ShouldInclude = description => description.HttpMethod != HttpMethods.Head;      // the same as GET, without a body
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new() { Title = "Unseen", Version = Name, Description = "Zero-shot image classification: pictures in, names with reasons out." };
            document.Servers = [];
            document.Tags = RouteGroups.All.Select(group => new OpenApiTag { Name = group.Key, Description = group.Value }).ToHashSet();
            document.Components ??= new();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                [TokenScheme] = new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.Http,
                    Scheme = "bearer",
                    Description = "The token of the server. Changes of classes need it; every /v1 call and /metrics when the server is reached from other machines.",
                },
            };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(async (operation, context, cancellation) =>
        {
            if (context.Description.RelativePath?.Contains("name}", StringComparison.Ordinal) == true) AddName(operation);
            foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>()) DocumentParameters.Describe(parameter);
            foreach (var header in context.Description.ActionDescriptor.EndpointMetadata.OfType<HeaderDescription>()) AddHeader(operation, header);
            if (context.Description.RelativePath is { } path && (path.StartsWith("v1/", StringComparison.Ordinal) || path == "metrics"))
                operation.Security = [new() { [new OpenApiSecuritySchemeReference(TokenScheme, context.Document)] = [] }];
            if (context.Description.ActionDescriptor.EndpointMetadata.OfType<BodyDescription>().FirstOrDefault() is { } body)
            {
                operation.RequestBody = await Body(body, context, cancellation);
                if (body.TakesSeveral) AnswerIsAlsoList(operation);
            }
        });
    });

    /// <summary>Adds the route. The framework's answer for a document that does not exist is plain text.</summary>
    public static void Map(IEndpointRouteBuilder routes) => routes.MapOpenApi().AddEndpointFilter(async (call, next) =>
        Name.Equals(call.HttpContext.GetRouteValue("documentName") as string, StringComparison.OrdinalIgnoreCase) ? await next(call) : Results.NotFound());

    /// <summary>The name in the address, which the routes read as it was sent, so that the framework does not know of it.</summary>
    private static void AddName(OpenApiOperation operation)
    {
        operation.Parameters ??= [];
        if (operation.Parameters.Any(parameter => parameter.Name == "name")) return;
        operation.Parameters.Insert(0, new OpenApiParameter { Name = "name", In = ParameterLocation.Path, Required = true, Schema = new OpenApiSchema { Type = JsonSchemaType.String } });
    }

    private static void AddHeader(OpenApiOperation operation, HeaderDescription header)
    {
        var answer = (OpenApiResponse)operation.Responses![header.Status.ToString(CultureInfo.InvariantCulture)];
        answer.Headers ??= new Dictionary<string, IOpenApiHeader>(StringComparer.OrdinalIgnoreCase);
        answer.Headers[header.Name] = new OpenApiHeader { Description = header.Description, Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
    }

    /// <summary>One answer, or a list of them.</summary>
    private static void AnswerIsAlsoList(OpenApiOperation operation)
    {
        foreach (var answer in operation.Responses!["200"].Content!.Values)
            answer.Schema = new OpenApiSchema { OneOf = [answer.Schema!, new OpenApiSchema { Type = JsonSchemaType.Array, Items = answer.Schema }] };
    }

    private static async Task<OpenApiRequestBody> Body(BodyDescription body, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        var content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal);
        var json = body.Json is null ? null : await context.GetOrCreateSchemaAsync(body.Json, null, cancellation);
        if (json is not null) content["application/json"] = new OpenApiMediaType { Schema = json };
        if (body.IsTable) content["text/csv"] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
        if (body.IsPicture) content["image/*"] = content["application/octet-stream"] = new OpenApiMediaType { Schema = File() };
        if (body.Form is { } file) content["multipart/form-data"] = new OpenApiMediaType { Schema = Form(file, json) };
        return new() { Content = content, Required = !body.IsOptional };
    }

    private static OpenApiSchema File() => new() { Type = JsonSchemaType.String, Format = "binary" };

    /// <summary>A form of files; or of JSON in the part `class` and one file.</summary>
    private static OpenApiSchema Form(string file, OpenApiSchema? json)
    {
        var properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
        {
            [file] = json is null ? new OpenApiSchema { Type = JsonSchemaType.Array, Items = File() } : File(),
        };
        if (json is not null) properties["class"] = json;
        return new() { Type = JsonSchemaType.Object, Properties = properties };
    }
}
