using System.Net;
using System.Net.Sockets;
using System.Text;

namespace HPManager.Tests.Web.Api;

public sealed class BadRequestTests(SharedApiServer shared) : IClassFixture<SharedApiServer>
{
    private readonly ApiServer _server = shared.Server;

    [Theory]
    [InlineData("", "empty")]
    [InlineData("{\n  \"name\": ", "line 2")]
    [InlineData("{\"threshold\": NaN}", "line 1")]
    [InlineData("{} {}", "line 1")]
    [InlineData("{\"name\":\"a\",\"name\":\"b\"}", "twice")]
    [InlineData("[]", "object")]
    [InlineData("\"text\"", "object")]
    [InlineData("null", "object")]
    public async Task Post_NoJsonObject_SaysWhere(string body, string expected)
    {
        var response = await _server.SendTextAsync(HttpMethod.Post, "/api/heatpumps", body);

        Assert.Contains(expected, ApiServer.MessageFor("$", response), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_DeeplyNestedJson_IsRefused() =>
        ApiServer.MessageFor("$", await _server.SendTextAsync(HttpMethod.Post, "/api/heatpumps", new string('[', 100_000)));

    [Theory]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("text/plain")]
    [InlineData("multipart/form-data")]
    public async Task Post_WhatAPageOfAnotherSiteCouldSend_IsUnsupported(string mediaType)
    {
        var (status, answer) = await _server.SendTextAsync(HttpMethod.Post, "/api/heatpumps", ApiServer.Candidate("Attic", "10.0.0.2").ToJsonString(), mediaType);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, status);
        Assert.Contains("application/json", (string)answer!["detail"]!, StringComparison.Ordinal);
        Assert.Single((await _server.GetAsync("/api/heatpumps")).Answer!.AsArray());
    }

    [Theory]
    [InlineData(10 * 1024 * 1024, false)]
    [InlineData(10 * 1024 * 1024, true)]
    [InlineData((1024 * 1024) + 1, false)]
    public async Task Post_TooLargeABody_IsToldSoClearly(int size, bool chunked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/heatpumps");
        request.Content = new ByteArrayContent(Encoding.ASCII.GetBytes("{\"name\":\"" + new string('x', size - 11) + "\"}"));
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.TransferEncodingChunked = chunked;

        using var response = await _server.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("1048576", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await _server.GetAsync("/api/heatpumps")).Status);
    }

    [Theory]
    [InlineData("/api")]
    [InlineData("/api/")]
    [InlineData("/api/nothing")]
    [InlineData("/api/heatpumps/hp-001/nothing/at/all")]
    public async Task Get_UnknownRoute_IsNotFoundAsAProblem(string path)
    {
        var (status, answer) = await _server.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Contains("/openapi/v1.json", (string)answer!["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Any_WrongMethod_IsToldWhichAreAllowed()
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, "/api/heatpumps/hp-001");
        using var response = await _server.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(["DELETE", "GET", "PUT"], response.Content.Headers.Allow);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Get_FromAPageOfAnotherSite_IsNotOpenedToIt()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/heatpumps");
        request.Headers.Add("Origin", "https://evil.example");
        using var response = await _server.Client.SendAsync(request);

        Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Post_ABodyInManyPieces_IsReadWhole()
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(_server.Address.Host, _server.Address.Port);
        var stream = socket.GetStream();
        var body = Encoding.UTF8.GetBytes(ApiServer.Candidate().ToJsonString());
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /api/heatpumps/test HTTP/1.1\r\nHost: x\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n"));
        foreach (var piece in body.Chunk(7))
        {
            await stream.WriteAsync(piece);
            await stream.FlushAsync();
        }

        Assert.StartsWith("HTTP/1.1 200", await new StreamReader(stream).ReadToEndAsync(), StringComparison.Ordinal);
    }
}
