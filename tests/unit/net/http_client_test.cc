#include <gtest/gtest.h>

#include "net/fetch/http.h"
#include "tests/unit/net/datagram_fake.h"
#include "tests/unit/net/http_fake.h"

namespace net {
namespace {

using namespace std::string_literals;

class TextSink final : public FetchSink {
  public:
    util::Result<void> begin(std::optional<std::uint64_t> size) override {
        ++begun;
        announced = size;
        return {};
    }
    util::Result<void> write(util::Bytes data) override {
        if (bytes.size() + data.size() > limit) return kFileTooBig;
        bytes += util::as_text(data);
        return {};
    }
    std::string bytes;
    std::size_t limit = SIZE_MAX;
    std::optional<std::uint64_t> announced;
    int begun = 0;
};

std::string ok(const std::string& body, const std::string& fields = "") {
    return "HTTP/1.1 200 OK\r\n" + fields + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}
std::string status(const std::string& line, const std::string& fields = "", const std::string& body = "") {
    return "HTTP/1.1 " + line + "\r\n" + fields + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}
std::string redirect(const std::string& to, const std::string& line = "302 Found") {
    return status(line, "Location: " + to + "\r\n");
}

class Http : public testing::Test {
  protected:
    Http() {
        context.connector = &server;
        loop.add(server);
        server.answer = [](auto&, auto&) { return ok("content"); };
    }
    const util::Failure* get(std::string_view uri = "http://10.0.2.2/file", const FetchRequest& request = {}) {
        sink.bytes.clear();
        auto result = fetch(context, Uri::parse(uri).take(), sink, request);
        return result.ok() ? nullptr : &result.failure();
    }
    static std::int64_t seconds() { return util::Loop().now().us() / 1000000; }
    std::string line(std::size_t request) { return server.requests.at(request).substr(0, server.requests[request].find("\r\n")); }
    bool sent(std::size_t request, const std::string& field) { return server.requests.at(request).find("\r\n" + field + "\r\n") != std::string::npos; }

    util::Loop loop;
    FakeHttp server;
    FakeDatagrams network;
    TextSink sink;
    CountingRandom random;
    DnsSettings dns;
    FetchContext context{loop, network, random, dns, {}};
};

TEST_F(Http, FetchesAFile) {
    context.agent = "Name/1.0";
    EXPECT_EQ(get("http://10.0.2.2/dir/file"), nullptr);
    EXPECT_EQ(sink.bytes, "content");
    EXPECT_EQ(sink.announced, 7u);
    EXPECT_EQ(sink.begun, 1);
    EXPECT_EQ(server.requests.at(0), "GET /dir/file HTTP/1.1\r\nHost: 10.0.2.2\r\nUser-Agent: Name/1.0\r\n\r\n");
    EXPECT_EQ(server.connections[0]->remote, (Ipv4Endpoint{{10, 0, 2, 2}, 80}));
}

TEST_F(Http, ReadsWhateverTheNetworkMakesOfIt) {
    std::string body(3000, 'x');
    server.answer = [&](auto&, auto&) { return ok(body); };
    for (std::size_t piece : {1u, 7u, 100u, 1460u}) {
        context.close_connections();
        server.piece = piece;
        EXPECT_EQ(get(), nullptr);
        EXPECT_EQ(sink.bytes, body);
    }
}

TEST_F(Http, AsksForPortPathAndQueryAsTheyAre) {
    EXPECT_EQ(get("http://10.0.2.2:8080/a%20b/c d?mac=52:54&x=%2F#fragment"), nullptr);
    EXPECT_EQ(line(0), "GET /a%20b/c%20d?mac=52:54&x=%2F HTTP/1.1");
    EXPECT_TRUE(sent(0, "Host: 10.0.2.2:8080"));
    EXPECT_EQ(server.connections[0]->remote.port, 8080);
    EXPECT_EQ(get("http://10.0.2.2"), nullptr);
    EXPECT_EQ(line(1), "GET / HTTP/1.1");
    EXPECT_EQ(get("http://10.0.2.2?q"), nullptr);
    EXPECT_EQ(line(2), "GET /?q HTTP/1.1");
}

TEST_F(Http, NothingInAUriEndsTheLine) {
    EXPECT_EQ(get("http://10.0.2.2/a\r\nX: y\x80\x7f?b\nc"), nullptr);
    EXPECT_EQ(line(0), "GET /a%0d%0aX:%20y%80%7f?b%0ac HTTP/1.1");
    EXPECT_EQ(get("http://u%0d%0aX:p@10.0.2.2/"), &kBadUri);
}

TEST_F(Http, KeepsTheConnectionForTheNextFileThere) {
    EXPECT_EQ(get("http://10.0.2.2/1"), nullptr);
    EXPECT_EQ(get("http://10.0.2.2/2"), nullptr);
    EXPECT_EQ(server.connections.size(), 1u);
    EXPECT_EQ(get("http://10.0.2.3/3"), nullptr);
    EXPECT_EQ(server.connections.size(), 2u);
    EXPECT_TRUE(server.connections[0]->pipe->client_closed);
    EXPECT_FALSE(server.connections[0]->pipe->client_aborted);
    EXPECT_EQ(get("http://10.0.2.3:81/4"), nullptr);
    EXPECT_EQ(server.connections.size(), 3u);
}

TEST_F(Http, ConnectsAgainWhenTheServerHasClosed) {
    EXPECT_EQ(get(), nullptr);
    server.connections[0]->pipe->server_closed = true;
    EXPECT_EQ(get(), nullptr);
    EXPECT_EQ(server.connections.size(), 2u);
    // In the very moment of the next request.
    server.answer = [](auto&, FakeHttp::Connection& connection) {
        if (connection.requests.size() == 1) return ok("content");
        connection.pipe->fail(fake::kReset);
        return ""s;
    };
    EXPECT_EQ(get(), nullptr);
    EXPECT_EQ(server.connections.size(), 3u);
    EXPECT_EQ(sink.bytes, "content");
}

TEST_F(Http, DoesNotKeepWhatTheServerCloses) {
    server.answer = [](auto&, FakeHttp::Connection& connection) {
        connection.pipe->server_closed = true;
        return ok("content", "Connection: close\r\n");
    };
    EXPECT_EQ(get(), nullptr);
    EXPECT_FALSE(context.kept.stream);
    server.answer = [](auto&, auto&) { return ok("content") + "and more"; };
    EXPECT_EQ(get(), nullptr);
    EXPECT_EQ(sink.bytes, "content");
    EXPECT_FALSE(context.kept.stream);
}

TEST_F(Http, ReadsChunksAndBodiesThatEndWithTheConnection) {
    server.answer = [](auto&, auto&) { return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\ncon\r\n4\r\ntent\r\n0\r\n\r\n"s; };
    EXPECT_EQ(get(), nullptr);
    EXPECT_EQ(sink.bytes, "content");
    EXPECT_FALSE(sink.announced);
    context.close_connections();
    server.answer = [](auto&, FakeHttp::Connection& connection) {
        connection.pipe->server_closed = true;
        return "HTTP/1.0 200 OK\r\n\r\nto the end"s;
    };
    EXPECT_EQ(get(), nullptr);
    EXPECT_EQ(sink.bytes, "to the end");
}

TEST_F(Http, NoticesABodyThatIsCutOff) {
    server.answer = [](auto&, FakeHttp::Connection& connection) {
        connection.pipe->server_closed = true;
        return "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nnot so long"s;
    };
    EXPECT_EQ(get(), &kHttpShort);
    server.answer = [](auto&, FakeHttp::Connection& connection) {
        connection.pipe->fail(fake::kReset);
        return ""s;
    };
    EXPECT_EQ(get(), &fake::kReset);
}

TEST_F(Http, FollowsRedirectsOfAllKinds) {
    for (auto kind : {"301 Moved Permanently", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"}) {
        server.requests.clear();
        server.answer = [&](const std::string& request, auto&) {
            return request.starts_with("GET /new/b?c ") ? ok("there") : redirect("/new/./a/../b?c", kind);
        };
        EXPECT_EQ(get("http://10.0.2.2/old"), nullptr) << kind;
        EXPECT_EQ(sink.bytes, "there");
    }
    EXPECT_EQ(server.connections.size(), 1u);
    EXPECT_EQ(sink.begun, 5);
}

TEST_F(Http, FollowsARedirectToAnotherServer) {
    server.answer = [](auto&, FakeHttp::Connection& connection) {
        return connection.remote.port == 8080 ? ok("there") : redirect("http://10.0.2.9:8080/x");
    };
    EXPECT_EQ(get(), nullptr);
    EXPECT_EQ(sink.bytes, "there");
    EXPECT_EQ(server.connections.back()->remote, (Ipv4Endpoint{{10, 0, 2, 9}, 8080}));
    EXPECT_EQ(server.connections.size(), 2u);
    EXPECT_EQ(get("http://10.0.2.9:8080/"), nullptr);
    EXPECT_EQ(server.connections.size(), 2u);
}

// RFC 3986 section 5.1.3.
TEST_F(Http, SaysWhereTheFileWasInTheEnd) {
    auto moved = [&](const std::string& to, const char* uri) {
        server.answer = [to](const std::string& request, auto&) { return request.starts_with("GET /old") ? redirect(to) : ok("content"); };
        EXPECT_EQ(get(uri), nullptr);
        return std::string(fetched_from(context, Uri::parse(uri).take()));
    };
    EXPECT_EQ(moved("http://10.0.2.9/a/b?c=d", "http://10.0.2.2/old"), "http://10.0.2.9/a/b?c=d");
    EXPECT_EQ(moved("new/x", "http://10.0.2.2/old"), "http://10.0.2.2/new/x");
    EXPECT_EQ(moved("", "http://10.0.2.2/same##params"), "http://10.0.2.2/same##params");
    EXPECT_EQ(fetched_from(context, Uri::parse("tftp://10.0.2.2/x").take()), "");
    EXPECT_EQ(moved("/new", "http://me:p%40ss@10.0.2.2/old"), "http://me:p%40ss@10.0.2.2/new");
    EXPECT_EQ(moved("http://10.0.2.2:80/new", "http://me:p%40ss@10.0.2.2/old"), "http://me:p%40ss@10.0.2.2:80/new");
    EXPECT_EQ(moved("http://you@10.0.2.2/new", "http://me:p%40ss@10.0.2.2/old"), "http://you@10.0.2.2/new");
    EXPECT_EQ(moved("http://10.0.2.9/new", "http://me:p%40ss@10.0.2.2/old"), "http://10.0.2.9/new");
}

TEST_F(Http, RedirectsHaveAnEnd) {
    server.answer = [](auto&, auto&) { return redirect("/again"); };
    EXPECT_EQ(get(), &kHttpRedirects);
    EXPECT_EQ(context.detail.view(), "302 Found");
    EXPECT_EQ(server.requests.size(), HttpRequester::kMostRedirects + 1);
    server.answer = [](auto&, auto&) { return status("302 Found"); };
    EXPECT_EQ(get(), &kHttpBadRedirect);
    server.answer = [](auto&, auto&) { return redirect("https://10.0.2.2/secret"); };
    EXPECT_EQ(get(), &kHttpsUnsupported);
    server.answer = [](auto&, auto&) { return redirect("gopher://10.0.2.2/secret"); };
    EXPECT_EQ(get(), &kUnknownScheme);
    EXPECT_EQ(get("https://10.0.2.2/x"), &kHttpsUnsupported);
}

// Passes on what the server sends, and remembers whom it should have proved to be.
class PlainSecurer final : public Securer {
  public:
    util::Result<util::Owned<Stream>> secure(util::Owned<Stream> below, std::string_view host, util::TextSink& detail) override {
        hosts.emplace_back(host);
        detail.clear();
        detail.text(refusal);
        if (!refusal.empty()) return kHttpForbidden;
        return below;
    }
    std::vector<std::string> hosts;
    std::string refusal;
};

TEST_F(Http, FetchesByHttpsOverASecuredConnectionToPort443) {
    PlainSecurer securer;
    context.securer = &securer;
    EXPECT_EQ(get("https://10.0.2.2/file"), nullptr);
    EXPECT_EQ(sink.bytes, "content");
    EXPECT_EQ(get("https://10.0.2.2:443/other"), nullptr);
    EXPECT_EQ(server.connections.size(), 1u);
    EXPECT_EQ(server.connections[0]->remote, (Ipv4Endpoint{{10, 0, 2, 2}, 443}));
    EXPECT_EQ(securer.hosts, std::vector<std::string>{"10.0.2.2"});
    // What was kept for one is not used for the other.
    EXPECT_EQ(get("http://10.0.2.2:443/plain"), nullptr);
    EXPECT_EQ(server.connections.size(), 2u);
    EXPECT_EQ(securer.hosts.size(), 1u);
    securer.refusal = "why not";
    EXPECT_EQ(get("https://10.0.2.2/file"), &kHttpForbidden);
    EXPECT_EQ(context.detail.view(), "why not");
}

TEST_F(Http, FollowsRedirectsBetweenHttpAndHttpsWithoutCredentials) {
    PlainSecurer securer;
    context.securer = &securer;
    server.answer = [](const std::string& request, FakeHttp::Connection& connection) {
        if (connection.remote.port == 443) return status("401 No", "WWW-Authenticate: Basic\r\n");
        if (request.find("Authorization") == std::string::npos) return status("401 No", "WWW-Authenticate: Basic\r\n");
        return redirect("https://10.0.2.2/next");
    };
    EXPECT_EQ(get("http://me:pass@10.0.2.2/x"), &kHttpUnauthorized);
    EXPECT_EQ(server.connections.back()->requests.size(), 1u);
    server.answer = [](const std::string&, FakeHttp::Connection& connection) {
        return connection.remote.port == 443 ? redirect("http://10.0.2.2/down") : ok("plain");
    };
    EXPECT_EQ(get("https://10.0.2.2/x"), nullptr);
    EXPECT_EQ(sink.bytes, "plain");
    // The same port does not make it the same place.
    server.answer = [&](const std::string& request, FakeHttp::Connection&) {
        bool is_first = request.starts_with("GET /first");
        if (is_first && request.find("Authorization") == std::string::npos) return status("401 No", "WWW-Authenticate: Basic\r\n");
        return is_first ? redirect("http://10.0.2.2:443/second") : ok("plain");
    };
    EXPECT_EQ(get("https://me:pass@10.0.2.2:443/first"), nullptr);
    EXPECT_EQ(server.requests.back().find("Authorization"), std::string::npos);
}

TEST_F(Http, SaysWhatTheServerSays) {
    server.answer = [](auto&, auto&) { return status("404 Not Found", "Content-Type: text/plain\r\n", "no kernel here\r\nsecond line"); };
    EXPECT_EQ(get(), &kHttpNotFound);
    EXPECT_EQ(context.detail.view(), "404 Not Found: no kernel here");
    EXPECT_EQ(sink.begun, 0);
    server.answer = [](auto&, auto&) { return status("500 Oops", "Content-Type: text/html\r\n", "<html>"); };
    EXPECT_EQ(get(), &kHttpServerError);
    EXPECT_EQ(context.detail.view(), "500 Oops");
    server.answer = [](auto&, auto&) { return status("403 Forbidden"); };
    EXPECT_EQ(get(), &kHttpForbidden);
    server.answer = [](auto&, auto&) { return status("418 Teapot"); };
    EXPECT_EQ(get(), &kHttpRefused);
    // A page that never ends is not read.
    server.answer = [](auto&, auto&) { return status("404 Not Found", "Content-Type: text/plain\r\n", std::string(200000, 'x')); };
    EXPECT_EQ(get(), &kHttpNotFound);
    EXPECT_FALSE(context.kept.stream);
}

TEST_F(Http, AuthenticatesWhenAskedTo) {
    server.answer = [](const std::string& request, auto&) {
        bool right = request.find("\r\nAuthorization: Basic bWU6cEBzcw==\r\n") != std::string::npos;
        return right ? ok("secret") : status("401 Unauthorized", "WWW-Authenticate: Basic realm=\"x\"\r\n", "go away");
    };
    EXPECT_EQ(get("http://me:p%40ss@10.0.2.2/x"), nullptr);
    EXPECT_EQ(sink.bytes, "secret");
    EXPECT_EQ(server.requests.size(), 2u);
    EXPECT_EQ(server.connections.size(), 1u);
    EXPECT_EQ(get("http://me:wrong@10.0.2.2/x"), &kHttpUnauthorized);
    EXPECT_EQ(context.detail.view(), "401 Unauthorized");
    EXPECT_EQ(get("http://10.0.2.2/x"), &kHttpUnauthorized);
}

TEST_F(Http, AuthenticatesByDigestAndTakesANewNonce) {
    server.answer = [](const std::string& request, auto&) {
        if (request.find("nonce=\"new\"") != std::string::npos) return ok("secret");
        bool old = request.find("nonce=\"old\"") != std::string::npos;
        return status("401 No", "WWW-Authenticate: Digest realm=\"r\", qop=\"auth\", nonce="s +
                                    (old ? "\"new\", stale=true\r\n" : "\"old\"\r\n"));
    };
    EXPECT_EQ(get("http://me:pass@10.0.2.2/x"), nullptr);
    EXPECT_EQ(server.requests.size(), 3u);
    server.answer = [](auto&, auto&) { return status("401 No", "WWW-Authenticate: Digest nonce=\"x\", stale=true\r\n"); };
    EXPECT_EQ(get("http://me:pass@10.0.2.2/x"), &kHttpUnauthorized);
    server.answer = [](auto&, auto&) { return status("401 No", "WWW-Authenticate: Negotiate\r\n"); };
    EXPECT_EQ(get("http://me:pass@10.0.2.2/x"), &kHttpAuthUnknown);
}

TEST_F(Http, TellsNoOtherServerTheCredentials) {
    server.answer = [](const std::string& request, FakeHttp::Connection& connection) {
        if (connection.remote.address == Ipv4Address(10, 0, 2, 9)) return status("401 No", "WWW-Authenticate: Basic\r\n");
        if (request.find("Authorization") == std::string::npos) return status("401 No", "WWW-Authenticate: Basic\r\n");
        return redirect("http://10.0.2.9/");
    };
    EXPECT_EQ(get("http://me:pass@10.0.2.2/x", {.headers = "Token: t\r\n"}), &kHttpUnauthorized);
    ASSERT_EQ(server.requests.size(), 3u);
    EXPECT_TRUE(sent(1, "Token: t"));
    EXPECT_EQ(server.requests[2].find("Authorization"), std::string::npos);
    EXPECT_EQ(server.requests[2].find("Token"), std::string::npos);
    EXPECT_EQ(line(2), "GET / HTTP/1.1");
}

TEST_F(Http, SendsAFormByPost) {
    FetchRequest form{.form = "a=1&b=2"};
    EXPECT_EQ(get("http://10.0.2.2/x##params", form), nullptr);
    EXPECT_EQ(line(0), "POST /x HTTP/1.1");
    EXPECT_TRUE(sent(0, "Content-Length: 7"));
    EXPECT_TRUE(sent(0, "Content-Type: application/x-www-form-urlencoded"));
    EXPECT_TRUE(server.requests[0].ends_with("\r\n\r\na=1&b=2"));
    // What may have been done is not done again: never on a connection that may be closing.
    EXPECT_EQ(get("http://10.0.2.2/x", form), nullptr);
    EXPECT_EQ(server.connections.size(), 2u);
}

TEST_F(Http, SendsAFormOnlyWhereItIsAskedFor) {
    for (auto kind : {"302 Found", "307 Temporary Redirect"}) {
        server.requests.clear();
        server.answer = [&](const std::string& request, auto&) { return request.find(" /x ") < 10 ? redirect("/y", kind) : ok("done"); };
        EXPECT_EQ(get("http://10.0.2.2/x", {.form = "a=1"}), nullptr);
        EXPECT_EQ(line(1), kind[2] == '2' ? "GET /y HTTP/1.1" : "POST /y HTTP/1.1");
    }
}

TEST_F(Http, ComesBackWhenTheServerSaysWhen) {
    int busy = 2;
    server.answer = [&](auto&, auto&) { return busy-- > 0 ? status("503 Busy", "Retry-After: 7\r\n") : ok("content"); };
    EXPECT_EQ(get(), nullptr);
    EXPECT_EQ(seconds(), 14);
    EXPECT_EQ(host::console_output(), " 503 Busy, again in 7 s... 503 Busy, again in 7 s...");
    server.answer = [](auto&, auto&) { return status("429 Slow down", "Retry-After: Wed, 21 Oct 2015 07:28:00 GMT\r\n"); };
    EXPECT_EQ(get(), &kHttpRefused);
    EXPECT_EQ(seconds(), 14 + 25);
    server.answer = [](auto&, auto&) { return status("503 Busy", "Retry-After: 86400\r\n"); };
    EXPECT_EQ(get(), &kHttpServerError);
    server.answer = [](auto&, auto&) { return status("503 Busy"); };
    EXPECT_EQ(get(), &kHttpServerError);
    EXPECT_EQ(seconds(), 39);
}

TEST_F(Http, GivesUpOnAServerThatStops) {
    server.answer = [](auto&, auto&) { return ""s; };
    EXPECT_EQ(get(), &kHttpStalled);
    EXPECT_EQ(seconds(), 60);
    server.answer = [](auto&, auto&) { return "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome"s; };
    EXPECT_EQ(get(), &kHttpStalled);
    EXPECT_EQ(seconds(), 90);
    EXPECT_EQ(sink.bytes, "some");
    EXPECT_TRUE(server.connections.back()->pipe->client_aborted);
}

// Sends a part at a time and breaks the connection; knows ranges.
class Breaking {
  public:
    std::string content = std::string(1000, 'a') + std::string(1000, 'b') + std::string(500, 'c');
    std::string tag = "ETag: \"v1\"\r\n";
    std::size_t part = 1000;
    int breaks = 100;
    std::string operator()(const std::string& request, FakeHttp::Connection& connection) {
        std::size_t from = 0, range = request.find("Range: bytes=");
        bool same = request.find("If-Range: ") == std::string::npos || request.find("If-Range: " + tag.substr(tag.find(' ') + 1)) != std::string::npos;
        if (range != std::string::npos && same) from = std::stoul(request.substr(range + 13));
        std::string left = content.substr(from), head = from ? "HTTP/1.1 206 Partial\r\nContent-Range: bytes " + std::to_string(from) + "-" +
            std::to_string(content.size() - 1) + "/" + std::to_string(content.size()) + "\r\n" : "HTTP/1.1 200 OK\r\n";
        head += tag + "Content-Length: " + std::to_string(left.size()) + "\r\n\r\n";
        if (left.size() > part && breaks-- > 0) {
            connection.pipe->server_closed = true;
            left.resize(part);
        }
        return head + left;
    }
};

TEST_F(Http, GoesOnWhereTheConnectionBroke) {
    Breaking breaking;
    for (std::string tag : {"ETag: \"v1\"\r\n", "Last-Modified: Wed, 21 Oct 2015 07:28:00 GMT\r\n"}) {
        server.requests.clear();
        breaking.tag = tag;
        server.answer = breaking;
        EXPECT_EQ(get(), nullptr);
        EXPECT_EQ(sink.bytes, breaking.content);
        ASSERT_EQ(server.requests.size(), 3u);
        EXPECT_TRUE(sent(1, "Range: bytes=1000-"));
        EXPECT_TRUE(sent(1, "If-Range: " + tag.substr(tag.find(' ') + 1, tag.size() - tag.find(' ') - 3)));
        EXPECT_TRUE(sent(2, "Range: bytes=2000-"));
    }
}

TEST_F(Http, GoesOnAfterASilence) {
    Breaking breaking;
    int asked = 0;
    server.answer = [&](const std::string& request, FakeHttp::Connection& connection) {
        std::string answer = breaking(request, connection);
        connection.pipe->server_closed = false;
        return ++asked == 2 ? ""s : answer;  // and once it does not answer at all
    };
    EXPECT_EQ(get(), nullptr);
    EXPECT_EQ(sink.bytes, breaking.content);
}

TEST_F(Http, DoesNotGoOnWithAnotherFileOrWithoutKnowing) {
    Breaking breaking;
    server.answer = [&](const std::string& request, FakeHttp::Connection& connection) {
        std::string answer = breaking(request, connection);
        breaking.tag = "ETag: \"v2\"\r\n";
        return answer;
    };
    EXPECT_EQ(get(), &kHttpChanged);
    EXPECT_EQ(sink.bytes, breaking.content.substr(0, 1000));
    for (std::string tag : {"", "ETag: W/\"v1\"\r\n"}) {
        server.requests.clear();
        breaking.tag = tag;
        server.answer = breaking;
        EXPECT_EQ(get(), &kHttpShort);
        EXPECT_EQ(server.requests.size(), 1u);
    }
}

// Such servers know Range, and not If-Range (RFC 9110 section 13.1.5).
TEST_F(Http, DoesNotGoOnWithAnotherFileThoughTheServerWould) {
    struct Other {
        std::string tag, size;
        const util::Failure* failure;
    };
    for (const Other& other : {Other{"ETag: \"v2\"\r\n", "2500", &kHttpChanged}, Other{"ETag: \"v1\"\r\n", "2600", &kHttpChanged},
                               Other{"", "2500", nullptr}, Other{"", "*", nullptr}, Other{"ETag: W/\"v1\"\r\n", "2500", nullptr}}) {
        Breaking breaking;
        server.answer = [&](const std::string& request, FakeHttp::Connection& connection) {
            if (request.find("Range") == std::string::npos) return breaking(request, connection);
            std::string left = breaking.content.substr(1000);
            return status("206 Partial", other.tag + "Content-Range: bytes 1000-2499/" + other.size + "\r\n", left);
        };
        EXPECT_EQ(get(), other.failure) << other.tag << other.size;
    }
}

// A server may send less than it was asked for (RFC 9110 section 15.3.7).
TEST_F(Http, AsksForTheRestWhenAPartIsShort) {
    Breaking breaking;
    bool for_ever = false;
    server.answer = [&](const std::string& request, FakeHttp::Connection& connection) {
        std::size_t range = request.find("Range: bytes=");
        if (range == std::string::npos) return breaking(request, connection);
        std::size_t from = std::stoul(request.substr(range + 13)), size = for_ever ? 1 : 700;
        std::string part = breaking.content.substr(from, size);
        return status("206 Partial", breaking.tag + "Content-Range: bytes " + std::to_string(from) + "-" +
                      std::to_string(from + part.size() - 1) + "/2500\r\n", part);
    };
    EXPECT_EQ(get(), nullptr);
    EXPECT_EQ(sink.bytes, breaking.content);
    for_ever = true;
    EXPECT_EQ(get(), &kHttpShort);
    EXPECT_EQ(sink.bytes, breaking.content.substr(0, 1005));
}

TEST_F(Http, GivesUpAServerThatBreaksOverAndOver) {
    Breaking breaking;
    breaking.part = 10;
    server.answer = breaking;
    EXPECT_EQ(get(), &kHttpShort);
    EXPECT_EQ(sink.bytes.size(), 60u);
    server.requests.clear();
    server.answer = [&](const std::string& request, FakeHttp::Connection& connection) {
        return request.find("Range") == std::string::npos ? breaking(request, connection) : status("500 Oops");
    };
    EXPECT_EQ(get(), &kHttpServerError);
    EXPECT_EQ(get("http://10.0.2.2/x", {.form = "a=1"}), &kHttpShort) << "a form is not sent again";
}

TEST_F(Http, CtrlCEndsGoingOn) {
    Breaking breaking;
    server.answer = [&](const std::string& request, FakeHttp::Connection& connection) {
        if (request.find("Range") == std::string::npos) return breaking(request, connection);
        host::type("\x03");
        return ""s;
    };
    EXPECT_EQ(get(), &util::kCancelled);
}

TEST_F(Http, CtrlCEndsIt) {
    server.answer = [](auto&, auto&) {
        host::type("\x03");
        return ""s;
    };
    EXPECT_EQ(get(), &util::kCancelled);
    EXPECT_TRUE(server.connections[0]->pipe->client_aborted);
    EXPECT_EQ(server.connections.size(), 1u);
}

TEST_F(Http, CtrlCEndsWhatIsReadOfARedirect) {
    server.answer = [](auto&, auto&) {
        host::type("\x03");
        return "HTTP/1.1 302 Found\r\nLocation: /next\r\nContent-Length: 100\r\n\r\nsome"s;
    };
    EXPECT_EQ(get(), &util::kCancelled);
    EXPECT_EQ(server.requests.size(), 1u);
}

TEST_F(Http, EndsWhenTheSinkIsFull) {
    sink.limit = 3;
    EXPECT_EQ(get(), &kFileTooBig);
    EXPECT_FALSE(context.kept.stream);
}

TEST_F(Http, PassesOnWhatTcpAndNamesSay) {
    server.refuse = true;
    EXPECT_EQ(get(), &fake::kRefused);
    EXPECT_EQ(get("http:///x"), &kNoHost);
    EXPECT_EQ(get("http://server.example/x"), &kDnsNoServer);
    EXPECT_EQ(context.detail.view(), "server.example");
    context.connector = nullptr;
    EXPECT_EQ(get(), &kHttpNoConnection);
}

TEST_F(Http, IsNotImpressedByGarbage) {
    server.answer = [](auto&, auto&) { return "\0\xff\r\n\r\n"s; };
    EXPECT_EQ(get(), &kHttpMalformed);
    server.answer = [](auto&, auto&) { return std::string(1 << 20, 'x'); };
    EXPECT_EQ(get(), &kHttpHeadTooLong);
}

}  // namespace
}  // namespace net
