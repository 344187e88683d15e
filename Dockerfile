# `unseen serve` in a container. Build: docker build -t unseen .   Run: docs/how-to/deploy.md
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
# Framework-dependent and for this system only; libtorch is nearly all of its 500 MB.
RUN dotnet publish src/Unseen.Cli -c Release -r linux-x64 --self-contained false -p:RunAnalyzers=false -o /published

FROM mcr.microsoft.com/dotnet/aspnet:10.0
COPY --from=build /published /app
# Stops the build of an image in which a native library does not load.
RUN ["dotnet", "/app/Unseen.Cli.dll", "doctor"]
# A model folder or a run folder is mounted here; read-only is enough unless classes are to be changed.
VOLUME /model
EXPOSE 5080
# The base image brings this user, without a password or a shell.
USER $APP_UID
# The image has neither curl nor wget: bash asks by itself.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 CMD \
    ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/5080 && printf 'GET /health HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200'"]
ENTRYPOINT ["dotnet", "/app/Unseen.Cli.dll"]
# It listens beyond the container, so it asks for a token: docker run -e UNSEEN_TOKEN=...
CMD ["serve", "/model", "--urls", "http://0.0.0.0:5080"]
