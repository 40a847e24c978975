#include "san/http_device.h"

#include <gtest/gtest.h>

#include <list>

#include "san/drive.h"
#include "san/iscsi_failures.h"
#include "tests/unit/net/datagram_fake.h"
#include "tests/unit/net/http_fake.h"

namespace san {
namespace {

using namespace std::string_literals;
using Connection = net::FakeHttp::Connection;

struct HttpDisk : testing::Test {
    HttpDisk() {
        context.connector = &http;
        loop.add(http);
        http.answer = [this](auto& request, auto& connection) { return serve(request, connection); };
        fill(1 << 20);
    }
    void fill(std::size_t size) {
        file.resize(size);
        for (std::size_t i = 0; i < size; ++i) file[i] = static_cast<char>(i * 7 + i / 509);
    }
    void make_cd() { file.replace(0x8000, 6, "\1CD001"); }
    const util::Failure* open(std::string_view uri = "http://10.0.2.2/disk") {
        auto opened = HttpDevice::open(context, net::Uri::parse(uri).take(), diagnosis);
        if (!opened.ok()) return &opened.failure();
        device = opened.take();
        return nullptr;
    }
    static std::pair<std::uint64_t, std::uint64_t> range(const std::string& request) {
        std::size_t at = request.find("Range: bytes=");
        if (at == std::string::npos) return {0, 0};
        unsigned long long first = 0, last = 0;
        sscanf(request.c_str() + at, "Range: bytes=%llu-%llu", &first, &last);
        return {first, last};
    }
    std::string part(std::uint64_t first, std::uint64_t last, const std::string& fields = "") {
        std::string size = std::to_string(claimed_size ? claimed_size : file.size());
        if (first >= file.size()) return "HTTP/1.1 416 No\r\nContent-Range: bytes */" + size + "\r\nContent-Length: 0\r\n\r\n";
        last = std::min<std::uint64_t>(last, file.size() - 1);
        return "HTTP/1.1 206 Partial Content\r\nETag: " + tag + "\r\n" + fields + "Content-Range: bytes " + std::to_string(first) + "-" + std::to_string(last) + "/" +
               size + "\r\nContent-Length: " + std::to_string(last - first + 1) + "\r\n\r\n" + file.substr(first, last - first + 1);
    }
    std::string serve(const std::string& request, Connection& connection) {
        auto [first, last] = range(request);
        if (close_each) connection.pipe->server_closed = true;
        return part(first, last, close_each ? "Connection: close\r\n" : "");
    }
    BlockRequest& read(std::uint64_t lba, std::uint32_t count) {
        auto& flight = flights.emplace_back();
        flight.memory.resize(count * device->geometry().block_size);
        flight.request.lba = lba;
        flight.request.count = count;
        flight.request.data = flight.memory;
        device->submit(flight.request);
        return flight.request;
    }
    bool wait(const BlockRequest& request) {
        (void)loop.run_until([&] { return request.state != BlockRequest::State::Pending; }, loop.now() + util::Duration::seconds(1000));
        return request.state == BlockRequest::State::Done;
    }
    bool is_right(const BlockRequest& request) {
        std::uint32_t size = device->geometry().block_size;
        return util::as_text(request.data) == std::string_view(file).substr(request.lba * size, request.count * size);
    }
    static std::int64_t seconds() { return util::Loop().now().us() / 1000000; }

    struct Flight {
        BlockRequest request;
        std::vector<std::byte> memory;
    };
    std::string file, tag = "\"one\"";
    std::uint64_t claimed_size = 0;
    bool close_each = false;
    util::Loop loop;
    net::FakeHttp http;
    net::FakeDatagrams network;
    net::CountingRandom random;
    net::DnsSettings dns;
    net::FetchContext context{loop, network, random, dns, {}};
    Diagnosis diagnosis;
    std::list<Flight> flights;
    util::Owned<HttpDevice> device;
};

TEST_F(HttpDisk, OpensADiskWithOneRequest) {
    EXPECT_EQ(open(), nullptr);
    EXPECT_EQ(device->geometry().blocks, 2048u);
    EXPECT_EQ(device->geometry().block_size, 512u);
    EXPECT_TRUE(device->geometry().read_only);
    EXPECT_FALSE(device->geometry().is_cdrom);
    EXPECT_EQ(http.requests.size(), 1u);
    EXPECT_EQ(device->server(), net::Ipv4Address(10, 0, 2, 2));
}

TEST_F(HttpDisk, KnowsACdByItsDescriptor) {
    make_cd();
    EXPECT_EQ(open(), nullptr);
    EXPECT_TRUE(device->geometry().is_cdrom);
    EXPECT_EQ(device->geometry().block_size, 2048u);
    EXPECT_EQ(device->geometry().blocks, 512u);
}

TEST_F(HttpDisk, KnowsTheSizeOfSmallFiles) {
    for (std::size_t size : {512u, 1024u, 0x8000u, 0x8001u}) {
        fill(size);
        EXPECT_EQ(open(), nullptr) << size;
        EXPECT_EQ(device->geometry().blocks, size / 512);
    }
    fill(511);
    EXPECT_EQ(open(), &kHttpTooSmall);
}

TEST_F(HttpDisk, ReadsInOrderOverOneConnection) {
    EXPECT_EQ(open(), nullptr);
    for (std::uint32_t i = 0; i < 20; ++i) {
        BlockRequest& request = read(i * 100, 7);
        EXPECT_TRUE(wait(request));
        EXPECT_TRUE(is_right(request));
    }
    EXPECT_EQ(http.connections.size(), 1u);
    BlockRequest& last = read(2047, 1);
    EXPECT_TRUE(wait(last) && is_right(last));
}

TEST_F(HttpDisk, HasSeveralRequestsOnTheirWay) {
    EXPECT_EQ(open(), nullptr);
    EXPECT_TRUE(wait(read(0, 1)));
    std::vector<std::string> waiting;
    http.answer = [&](auto& request, auto&) { return waiting.push_back(request), ""s; };
    std::vector<BlockRequest*> requests;
    for (std::uint32_t i = 0; i < 12; ++i) requests.push_back(&read(i * 10, 5));
    for (int i = 0; i < 40; ++i) loop.poll_once();
    EXPECT_EQ(waiting.size(), 8u);
    http.answer = [this](auto& request, auto& connection) { return serve(request, connection); };
    for (auto& request : waiting) {
        auto [first, last] = range(request);
        http.connections[0]->pipe->to_client += part(first, last);
    }
    for (BlockRequest* request : requests) EXPECT_TRUE(wait(*request) && is_right(*request));
}

TEST_F(HttpDisk, ReadsAboveFourGibibytes) {
    claimed_size = std::uint64_t{5} << 30;
    EXPECT_EQ(open(), nullptr);
    EXPECT_EQ(device->geometry().blocks, claimed_size / 512);
    http.answer = [](auto& request, auto&) {
        auto [first, last] = range(request);
        EXPECT_EQ(first, 0x100000200u);
        EXPECT_EQ(last, 0x1000005ffu);
        return "HTTP/1.1 206 P\r\nContent-Range: bytes 4294967808-4294968831/5368709120\r\nContent-Length: 1024\r\n\r\n" + std::string(1024, 'x');
    };
    EXPECT_TRUE(wait(read(0x800001, 2)));
}

TEST_F(HttpDisk, ConnectsAgainWhenTheServerClosed) {
    EXPECT_EQ(open(), nullptr);
    http.connections[0]->pipe->server_closed = true;
    for (int i = 0; i < 5; ++i) loop.poll_once();
    EXPECT_FALSE(device->reconnecting());
    EXPECT_EQ(http.connections.size(), 1u);
    BlockRequest& request = read(3, 3);
    EXPECT_TRUE(wait(request) && is_right(request));
    EXPECT_EQ(http.connections.size(), 2u);
    EXPECT_EQ(seconds(), 0);
}

TEST_F(HttpDisk, WorksWithAServerThatClosesEachTime) {
    close_each = true;
    EXPECT_EQ(open(), nullptr);
    std::vector<BlockRequest*> requests;
    for (std::uint32_t i = 0; i < 5; ++i) requests.push_back(&read(i * 10, 5));
    for (BlockRequest* request : requests) EXPECT_TRUE(wait(*request) && is_right(*request));
    EXPECT_EQ(http.connections.size(), 6u);
}

TEST_F(HttpDisk, RidesOutAServerThatRestarts) {
    EXPECT_EQ(open(), nullptr);
    http.connections[0]->pipe->fail(fake::kReset);
    http.refuse = true;
    BlockRequest& request = read(3, 3);
    (void)loop.sleep(util::Duration::seconds(30));
    EXPECT_TRUE(device->reconnecting());
    EXPECT_EQ(device->diagnosis().what.view(), "10.0.2.2:80 /disk: connection refused");
    http.refuse = false;
    EXPECT_TRUE(wait(request) && is_right(request));
    EXPECT_LT(seconds(), 36);
}

TEST_F(HttpDisk, SendsUnfinishedRequestsAgain) {
    EXPECT_EQ(open(), nullptr);
    EXPECT_TRUE(wait(read(0, 1)));
    unsigned seen = 0;
    http.answer = [&](auto& request, auto& connection) {
        std::string answer = serve(request, connection);
        if (++seen != 2) return answer;
        connection.pipe->server_closed = true;
        return answer.substr(0, answer.size() - 100);
    };
    std::vector<BlockRequest*> requests;
    for (std::uint32_t i = 0; i < 5; ++i) requests.push_back(&read(i * 10, 5));
    for (BlockRequest* request : requests) EXPECT_TRUE(wait(*request) && is_right(*request));
    EXPECT_EQ(http.connections.size(), 2u);
}

TEST_F(HttpDisk, NoticesAFileThatChanged) {
    EXPECT_EQ(open(), nullptr);
    tag = "\"two\"";
    BlockRequest& request = read(3, 3);
    EXPECT_FALSE(wait(request));
    EXPECT_EQ(request.failure, &kHttpFileChanged);
    tag = "\"one\"";
    EXPECT_EQ(read(0, 1).failure, &kHttpFileChanged);
    EXPECT_EQ(open(), nullptr);
    claimed_size = 1 << 19;
    EXPECT_FALSE(wait(read(3, 3)));
}

TEST_F(HttpDisk, RefusesAServerWithoutRanges) {
    http.answer = [this](auto&, auto&) { return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(file.size()) + "\r\n\r\n" + file; };
    EXPECT_EQ(open(), &kHttpNoRanges);
    EXPECT_NE(diagnosis.hint.view(), "");
    http.answer = [](auto&, auto&) { return "HTTP/1.1 206 P\r\nContent-Range: bytes 32768-34815/*\r\nContent-Length: 0\r\n\r\n"s; };
    EXPECT_EQ(open(), &kHttpNoSize);
    http.answer = [](auto&, auto&) { return "HTTP/1.1 206 P\r\nContent-Length: 0\r\n\r\n"s; };
    EXPECT_EQ(open(), &kHttpWrongPart);
}

TEST_F(HttpDisk, SaysWhyItCannotBeOpened) {
    http.answer = [](auto&, auto&) { return "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"s; };
    EXPECT_EQ(open(), &net::kHttpNotFound);
    EXPECT_EQ(diagnosis.what.view(), "10.0.2.2:80 /disk: the HTTP server has no such file (404 Not Found)");
    // The settings of that name are iSCSI's.
    http.answer = [](auto&, auto&) { return "HTTP/1.1 401 No\r\nWWW-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n"s; };
    EXPECT_EQ(open(), &net::kHttpUnauthorized);
    EXPECT_EQ(diagnosis.hint.view(), "Write them into the URI: http://user:password@...");
    http.refuse = true;
    EXPECT_EQ(open(), &fake::kRefused);
    EXPECT_STREQ(diagnosis.stage, "connect");
    EXPECT_EQ(open("http://nowhere.example/x"), &net::kDnsNoServer);
    EXPECT_EQ(open("https://10.0.2.2/x"), &net::kHttpsUnsupported);
}

TEST_F(HttpDisk, ASilentServerIsGivenUpAndTriedAgain) {
    EXPECT_EQ(open(), nullptr);
    bool silent = true;
    http.answer = [&](auto& request, auto& connection) { return silent ? ""s : serve(request, connection); };
    BlockRequest& request = read(3, 3);
    (void)loop.sleep(util::Duration::seconds(25));
    EXPECT_EQ(http.connections.size(), 2u);
    silent = false;
    EXPECT_TRUE(wait(request) && is_right(request));
}

TEST_F(HttpDisk, PatienceEnds) {
    EXPECT_EQ(open(), nullptr);
    http.answer = [](auto&, auto&) { return "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"s; };
    BlockRequest& request = read(3, 3);
    EXPECT_FALSE(wait(request));
    EXPECT_EQ(request.failure, &kPatienceEnded);
    EXPECT_GE(seconds(), 300);
    http.answer = [this](auto& r, auto& c) { return serve(r, c); };
    EXPECT_TRUE(wait(read(3, 3)));
}

TEST_F(HttpDisk, NeverTakesAnotherPartOrMoreThanAskedFor) {
    EXPECT_EQ(open(), nullptr);
    int bad = 0;
    http.answer = [&](auto& request, auto& connection) {
        auto [first, last] = range(request);
        switch (bad++) {
            case 0: return part(first + 512, last + 512);
            case 1: return part(first, last - 1);
            case 2: {
                std::string answer = part(first, last);
                answer.replace(answer.find("Content-Length: 1536"), 20, "Content-Length: 9000");
                return answer + std::string(9000, 'x');
            }
            case 3: return "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc"s;
            case 4: return "garbage\r\n\r\n"s;
            default: return serve(request, connection);
        }
    };
    BlockRequest& request = read(3, 3);
    EXPECT_TRUE(wait(request) && is_right(request));
    EXPECT_EQ(bad, 6);
}

TEST_F(HttpDisk, FollowsRedirectsAndAuthenticates) {
    http.answer = [this](auto& request, auto& connection) {
        if (request.starts_with("GET /disk")) return "HTTP/1.1 302 F\r\nLocation: http://me:pw@10.0.2.7/real\r\nContent-Length: 0\r\n\r\n"s;
        if (request.find("\r\nAuthorization: Basic bWU6cHc=\r\n") == std::string::npos)
            return "HTTP/1.1 401 U\r\nWWW-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n"s;
        return serve(request, connection);
    };
    EXPECT_EQ(open(), nullptr);
    EXPECT_EQ(device->server(), net::Ipv4Address(10, 0, 2, 7));
    BlockRequest& request = read(3, 3);
    EXPECT_TRUE(wait(request) && is_right(request));
}

TEST_F(HttpDisk, RefusesWritesAndWhatIsOutside) {
    EXPECT_EQ(open(), nullptr);
    std::byte block[512];
    BlockRequest write{.operation = BlockRequest::Operation::Write, .count = 1, .data = block};
    device->submit(write);
    EXPECT_EQ(write.failure, &kWriteProtected);
    BlockRequest flush{.operation = BlockRequest::Operation::Flush};
    device->submit(flush);
    EXPECT_EQ(flush.state, BlockRequest::State::Done);
    EXPECT_EQ(read(2048, 1).failure, &kOutsideDisk);
}

TEST_F(HttpDisk, ACancelledRequestIsForgotten) {
    EXPECT_EQ(open(), nullptr);
    EXPECT_TRUE(wait(read(0, 1)));
    BlockRequest& first = read(3, 3);
    BlockRequest& second = read(13, 3);
    device->poll(loop.now());  // both are sent
    device->cancel(first);
    std::memset(first.data.data(), 0, first.data.size());
    EXPECT_TRUE(wait(second) && is_right(second));
    EXPECT_EQ(first.state, BlockRequest::State::Idle);
    for (std::byte byte : first.data) EXPECT_EQ(byte, std::byte{0});
}

TEST_F(HttpDisk, IsADriveWithReadAhead) {
    fill(4 << 20);
    EXPECT_EQ(open(), nullptr);
    DrivePath path;
    auto drive = Drive::create(loop, 0x80, std::move(device), path, Drive::kCacheBytes).take();
    std::vector<std::byte> data(127 * 512);
    for (std::uint64_t lba = 0; lba + 127 <= 8192; lba += 127) {
        ASSERT_TRUE(drive->read(lba, data).ok());
        ASSERT_EQ(util::as_text(util::Bytes(data)), std::string_view(file).substr(lba * 512, data.size()));
    }
    EXPECT_GT(drive->cache_statistics().hits, 50u);
    EXPECT_EQ(drive->write(0, data).failure, &kWriteProtected);
}

}  // namespace
}  // namespace san
