# docker buildx build --platform linux/amd64,linux/arm64 .
# Build stage, on the machine's own architecture whatever the target: the SDK, and Node for the files the browser loads.
FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0 AS build
ARG TARGETARCH
RUN apt-get update \
    && apt-get install -y --no-install-recommends nodejs npm \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN dotnet publish HPManager.Web -c Release -a $TARGETARCH --no-self-contained -p:UseAppHost=false -p:PublishReadyToRun=true -o /app

# Run stage: the runtime, and the distribution's SQLite, which gets security updates.
FROM mcr.microsoft.com/dotnet/aspnet:10.0
RUN apt-get update \
    && apt-get install -y --no-install-recommends curl libsqlite3-0 \
    && rm -rf /var/lib/apt/lists/* \
    && mkdir /data && chown app:app /data
WORKDIR /app
COPY --from=build /app .
USER app
# One arena: the C library would keep freed memory apart for each thread, 8 MB more.
ENV Storage__DataFolder=/data \
    Server__ListenOnAllInterfaces=true \
    MALLOC_ARENA_MAX=1
VOLUME /data
EXPOSE 5080
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD curl -fsS http://localhost:5080/health/live || exit 1
ENTRYPOINT ["dotnet", "HPManager.Web.dll"]
