#include <gtest/gtest.h>

#include <string>

#include "net/wire/http.h"
#include "net/wire/http_auth.h"
#include "tests/unit/net/datagram_fake.h"

namespace net {
namespace {

using namespace std::string_literals;
using State = HttpReader::State;

struct Read {
    HttpReader reader;
    std::string body;
    std::size_t taken = 0;
};

// Everything in pieces of that size, then perhaps the end of the stream.
void read(Read& read, std::string_view text, std::size_t piece = SIZE_MAX, bool end = false,
          HttpReader::Body body = HttpReader::Body::Expected) {
    read.reader.start(body);
    while (!text.empty()) {
        std::string_view now = text.substr(0, piece);
        text.remove_prefix(now.size());
        while (!now.empty() && read.reader.state() < State::Done) {
            auto taken = read.reader.take(util::as_bytes(now));
            ASSERT_GT(taken.count, 0u);
            read.body += util::as_text(taken.body);
            read.taken += taken.count;
            now.remove_prefix(taken.count);
        }
    }
    if (end) read.reader.end();
}

const util::Failure* failure_of(std::string_view text, bool end = false) {
    Read result;
    read(result, text, SIZE_MAX, end);
    return result.reader.state() == State::Failed ? &result.reader.failure() : nullptr;
}

constexpr std::string_view kCounted =
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 5\r\nETag: \"x\"\r\n\r\nhello";
constexpr std::string_view kChunked =
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n5\r\nhello\r\nA;name=\"v\"\r\n, my world\r\n0\r\nTrailer: x\r\n\r\n";

TEST(HttpReader, ReadsTheSameHoweverTheBytesAreCut) {
    for (std::size_t piece : {1u, 2u, 3u, 5u, 7u, 16u, 1000u}) {
        Read counted, chunked;
        read(counted, kCounted, piece);
        EXPECT_EQ(counted.reader.state(), State::Done) << piece;
        EXPECT_EQ(counted.body, "hello");
        EXPECT_EQ(counted.reader.response().status, 200);
        EXPECT_EQ(counted.reader.response().reason.view(), "OK");
        EXPECT_EQ(counted.reader.response().length, 5u);
        EXPECT_TRUE(counted.reader.response().keeps_open);
        EXPECT_TRUE(counted.reader.response().is_plain_text);
        read(chunked, kChunked, piece);
        EXPECT_EQ(chunked.reader.state(), State::Done) << piece;
        EXPECT_EQ(chunked.body, "hello, my world");
        EXPECT_FALSE(chunked.reader.response().length);
    }
}

TEST(HttpReader, LeavesTheNextAnswerAlone) {
    for (std::string_view text : {kCounted, kChunked}) {
        Read result;
        read(result, std::string(text) + "HTTP/1.1 404 No\r\n\r\n");
        EXPECT_EQ(result.taken, text.size());
    }
}

TEST(HttpReader, AnAnswerWithoutLengthEndsWithTheConnection) {
    Read result;
    read(result, "HTTP/1.1 200 OK\r\n\r\nall of it", 4);
    EXPECT_EQ(result.reader.state(), State::Body);
    EXPECT_FALSE(result.reader.response().keeps_open);
    result.reader.end();
    EXPECT_EQ(result.reader.state(), State::Done);
    EXPECT_EQ(result.body, "all of it");
}

TEST(HttpReader, AnEarlyEndIsAFailure) {
    for (std::string text : {"", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
                             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
                             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n"})
        EXPECT_EQ(failure_of(text, true), &kHttpShort) << text;
}

TEST(HttpReader, SkipsInterimAnswers) {
    Read result;
    read(result, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\nContent-Length: 9\r\n\r\n"s + std::string(kCounted));
    EXPECT_EQ(result.reader.response().status, 200);
    EXPECT_EQ(result.body, "hello");
}

TEST(HttpReader, SomeAnswersHaveNoBody) {
    Read head, empty, nothing;
    read(head, "HTTP/1.1 200 OK\r\nContent-Length: 5000000000\r\n\r\n", SIZE_MAX, false, HttpReader::Body::None);
    EXPECT_EQ(head.reader.state(), State::Done);
    EXPECT_EQ(head.reader.response().length, 5000000000u);
    read(empty, "HTTP/1.1 204 No Content\r\n\r\n");
    EXPECT_EQ(empty.reader.state(), State::Done);
    read(nothing, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    EXPECT_EQ(nothing.reader.state(), State::Done);
}

TEST(HttpReader, KnowsWhetherTheConnectionStaysOpen) {
    auto keeps = [](std::string head) {
        Read result;
        read(result, head + "Content-Length: 0\r\n\r\n");
        return result.reader.response().keeps_open;
    };
    EXPECT_TRUE(keeps("HTTP/1.1 200 OK\r\n"));
    EXPECT_FALSE(keeps("HTTP/1.1 200 OK\r\nConnection: foo, Close\r\n"));
    EXPECT_FALSE(keeps("HTTP/1.0 200 OK\r\n"));
    EXPECT_TRUE(keeps("HTTP/1.0 200 OK\r\nconnection: Keep-Alive\r\n"));
    EXPECT_FALSE(keeps("HTTP/1.1 200 OK\r\nConnection: close, keep-alive\r\n"));
}

TEST(HttpReader, ReadsRangesAndSizesAboveFourGibibytes) {
    auto range = [](std::string value) {
        Read result;
        read(result, "HTTP/1.1 206 Partial Content\r\nContent-Range: " + value + "\r\nContent-Length: 0\r\n\r\n");
        return result.reader.response().range;
    };
    auto large = range("bytes 4294967296-4294967297/8589934592");
    ASSERT_TRUE(large);
    EXPECT_EQ(large->first, 4294967296u);
    EXPECT_EQ(large->last, 4294967297u);
    EXPECT_EQ(large->size, 8589934592u);
    EXPECT_FALSE(range("bytes 0-1/*")->size);
    EXPECT_EQ(range("bytes */77")->size, 77u);
    for (auto nonsense : {"bytes 5-4/10", "bytes", "lines 0-1/2", "bytes 1/2", "bytes 1-99999999999999999999/*"})
        EXPECT_FALSE(range(nonsense)) << nonsense;
}

TEST(HttpReader, ReadsWhatElseIsOfUse) {
    Read result;
    read(result,
         "HTTP/1.1 401 Nope\x01\x80\r\nLocation:  /next \r\nRetry-After: 7\r\nWWW-Authenticate: Basic realm=\"x\"\r\n"
         "WWW-Authenticate: Digest nonce=\"y\"\r\nContent-Length: 0\r\n\r\n");
    const HttpResponse& response = result.reader.response();
    EXPECT_EQ(response.reason.view(), "Nope??");
    EXPECT_EQ(response.location.view(), "/next");
    EXPECT_EQ(response.retry_after, 7u);
    EXPECT_EQ(response.challenges.view(), "Basic realm=\"x\",Digest nonce=\"y\",");
    EXPECT_EQ(response.validator, 0u);
}

// RFC 9112 section 5.2: a client takes what is on several lines as if it were on one.
TEST(HttpReader, ReadsFieldsOnSeveralLines) {
    for (std::size_t piece : {1u, 2u, 3u, 1000u}) {
        Read result;
        read(result,
             "HTTP/1.1 401 Nope\r\nWWW-Authenticate: Digest realm=\"x\",\r\n\tnonce=\"y\",\r\n   content-length: 7\r\nLocation:\r\n /next\r\n"
             "Content-Length: 0\r\n\r\n",
             piece);
        EXPECT_EQ(result.reader.state(), State::Done);
        EXPECT_EQ(result.reader.response().challenges.view(), "Digest realm=\"x\",\tnonce=\"y\",   content-length: 7,");
        EXPECT_EQ(result.reader.response().location.view(), "/next");
        EXPECT_EQ(result.reader.response().length, 0u);
    }
    std::string lines;
    for (int i = 0; i < 100; ++i) lines += " " + std::string(100, 'x') + "\r\n";
    Read result;
    read(result, "HTTP/1.1 200 OK\r\nLocation: y\r\n" + lines + "Retry-After: 5\r\n :\r\nContent-Length: 0\r\n\r\n");
    EXPECT_EQ(result.reader.state(), State::Done);
    EXPECT_TRUE(result.reader.response().location.empty()) << "too long by all of them";
    // Nothing to belong to.
    EXPECT_EQ(failure_of("HTTP/1.1 200 OK\r\n Content-Length: 0\r\n\r\n", true), nullptr);
}

TEST(HttpReader, TheValidatorChangesWithTheFile) {
    auto validator = [](std::string fields) {
        Read result;
        read(result, "HTTP/1.1 200 OK\r\n" + fields + "Content-Length: 0\r\n\r\n");
        return result.reader.response().validator;
    };
    EXPECT_NE(validator("ETag: \"1\"\r\n"), validator("ETag: \"2\"\r\n"));
    EXPECT_NE(validator("ETag: \"1\"\r\n"), validator("ETag: \"1\"\r\nLast-Modified: x\r\n"));
    EXPECT_EQ(validator("ETag: \"1\"\r\nServer: a\r\n"), validator("ETag: \"1\"\r\nServer: b\r\n"));
}

TEST(HttpReader, RefusesWhatIsNoAnswer) {
    for (std::string text : {"SSH-2.0-OpenSSH\r\n", "HTTP/2 200\r\n", "HTTP/1.1\r\n", "HTTP/1.1 2x0 OK\r\n", "HTTP/1.1 099 Low\r\n",
                             "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 1x\r\n",
                             "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n",
                             "HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551616\r\n"})
        EXPECT_EQ(failure_of(text + "\r\n"), &kHttpMalformed) << text;
    EXPECT_EQ(failure_of("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"), &kHttpEncoding);
}

TEST(HttpReader, RefusesChunksThatAreNone) {
    for (std::string chunks : {"\r\n", "x\r\n", "-1\r\n", "10000000000000000\r\n", "2\r\nabc\r\n", "2\r\nab\r\r\n"})
        EXPECT_EQ(failure_of("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks), &kHttpMalformed) << chunks;
}

TEST(HttpReader, ALengthBesideChunksDoesNotCount) {
    Read result;
    read(result, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
    EXPECT_EQ(result.body, "hello");
    EXPECT_FALSE(result.reader.response().keeps_open);
}

TEST(HttpReader, HasLimits) {
    std::string line(HttpReader::kLongestLine + 10, 'x');
    Read result;
    read(result, "HTTP/1.1 302 F\r\nLocation: " + line + "\r\nX: " + line + "\r\nRetry-After: 5\r\nContent-Length: 0\r\n\r\n");
    EXPECT_EQ(result.reader.state(), State::Done);
    EXPECT_TRUE(result.reader.response().location.empty());
    EXPECT_EQ(result.reader.response().retry_after, 5u);
    std::string fields;
    for (int i = 0; i < 100; ++i) fields += "X: " + std::string(1000, 'x') + "\r\n";
    EXPECT_EQ(failure_of("HTTP/1.1 200 OK\r\n" + fields), &kHttpHeadTooLong);
    EXPECT_EQ(failure_of("HTTP/1.1 200 OK\r\n" + std::string(100000, 'x')), &kHttpHeadTooLong);
    EXPECT_EQ(failure_of("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + fields), &kHttpHeadTooLong);
    std::string many;
    for (int i = 0; i < 30000; ++i) many += "1\r\nx\r\n";
    Read chunks;
    read(chunks, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + many + "0\r\n\r\n");
    EXPECT_EQ(chunks.reader.state(), State::Done);
    EXPECT_EQ(chunks.body.size(), 30000u);
}

class HttpAuth : public testing::Test {
  protected:
    std::string field(std::string_view challenges, std::string_view user = "Mufasa", std::string_view password = "CircleOfLife") {
        auto taken = authentication.challenge(challenges);
        if (!taken.ok()) return taken.failure().text;
        util::String text;
        authentication.append_field(text, {"GET", "/dir/index.html"}, user, password, random).take();
        return std::string(text.view());
    }
    HttpAuthentication authentication;
    CountingRandom random;
};

TEST_F(HttpAuth, AnswersBasicAsTheStandardDoes) {
    EXPECT_EQ(field("Basic realm=\"foo\"", "Aladdin", "open sesame"), "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n");
    EXPECT_EQ(field("basic realm=\"foo\", charset=\"UTF-8\"", "test", "123\xc2\xa3"), "Authorization: Basic dGVzdDoxMjPCow==\r\n");
    EXPECT_EQ(field("Basic", "a", "b"), "Authorization: Basic YTpi\r\n");
}

// RFC 2069 section 2.4, with its erratum 749.
TEST_F(HttpAuth, AnswersDigestOfOldAsTheStandardDoes) {
    EXPECT_EQ(field("Digest realm=\"testrealm@host.com\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\","
                    " opaque=\"5ccc069c403ebaf9f0171e9517f40e41\""),
              "Authorization: Digest username=\"Mufasa\", realm=\"testrealm@host.com\", "
              "nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", uri=\"/dir/index.html\", "
              "response=\"1949323746fe6a43ef61f9606e7febea\", opaque=\"5ccc069c403ebaf9f0171e9517f40e41\"\r\n");
}

TEST_F(HttpAuth, CountsRequestsWithQop) {
    std::string_view challenge = "Digest realm=\"r\", qop=\"auth,auth-int\", algorithm=MD5, nonce=\"n\"";
    std::string text = field(challenge);
    EXPECT_NE(text.find(", algorithm=MD5, qop=auth, nc=00000001, cnonce=\""), text.npos) << text;
    util::String second;
    authentication.append_field(second, {"GET", "/"}, "u", "p", random).take();
    EXPECT_NE(second.view().find("nc=00000002"), text.npos);
}

TEST_F(HttpAuth, PrefersDigestWhichItKnows) {
    EXPECT_EQ(field("Basic realm=\"a\", Digest nonce=\"x\", realm=\"b\"").substr(0, 22), "Authorization: Digest ");
    EXPECT_EQ(field("Digest nonce=\"x\", algorithm=SHA-256, Digest nonce=\"y\", algorithm=\"MD5\"").find("nonce=\"x\""), std::string::npos);
    EXPECT_EQ(field("Negotiate, Basic realm=\"Digest nonce=\\\"\", x").substr(0, 21), "Authorization: Basic ");
    EXPECT_EQ(field("Digest realm=\"no nonce\""), kHttpAuthUnknown.text);
    EXPECT_EQ(field("Digest nonce=\"x\", qop=\"auth-int\""), kHttpAuthUnknown.text);
    EXPECT_NE(field("Digest nonce=\"x\", qop=\"auth-int, AUTH\"").find("qop=auth,"), std::string::npos);
    EXPECT_EQ(field("Bearer, NTLM abc=="), kHttpAuthUnknown.text);
    EXPECT_EQ(field(""), kHttpAuthUnknown.text);
    EXPECT_EQ(field("Digest nonce=\"never ends\\"), field("Digest nonce=\"never ends\\"));
}

TEST_F(HttpAuth, QuotesWhatNeedsIt) {
    std::string text = field("Digest realm=\"a \\\"b\\\"\", nonce=\"x\"", "do\\main\"user");
    EXPECT_NE(text.find("username=\"do\\\\main\\\"user\", realm=\"a \\\"b\\\"\""), text.npos) << text;
    authentication.challenge("Digest nonce=\"x\", stale=TRUE").take();
    EXPECT_TRUE(authentication.stale());
}

}  // namespace
}  // namespace net
