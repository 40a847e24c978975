#include <gtest/gtest.h>

#include <map>
#include <set>

#include "net/fetch/tftp.h"
#include "tests/unit/net/datagram_fake.h"

namespace net {
namespace {

using namespace std::string_literals;
using util::Duration;

constexpr Ipv4Address kServer{10, 0, 2, 2};

std::string pattern(std::size_t size) {
    std::string text(size, 0);
    for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i * 7 + i / 256);
    return text;
}

// A server with one file, that sends a whole window at each ACK and repeats nothing by itself.
class TftpServer {
  public:
    explicit TftpServer(FakeDatagrams& network) : network_(network) {
        network.on_send = [this](auto& remote, auto& payload) { receive(remote, payload); };
    }
    void receive(const Ipv4Endpoint& remote, const std::string& payload) {
        if (silent) return;
        if (payload[1] == 1) return read_request(payload);
        if (remote.port != transfer_port) return;
        if (payload[1] == 4) acknowledge(static_cast<unsigned char>(payload[2]) << 8 | static_cast<unsigned char>(payload[3]));
        if (payload[1] == 5) errors.push_back(payload.substr(4));
    }
    void send(const std::string& payload) { network_.put({kServer, transfer_port}, payload); }
    void send_error(unsigned code, std::string text) { send("\0\5"s + big_endian(code) + text + "\0"s); }
    std::string data(std::uint64_t block) const {
        std::size_t at = (block - 1) * block_size;
        return "\0\3"s + big_endian(static_cast<unsigned>(block & 0xffff)) +
               (at <= file.size() ? file.substr(at, block_size) : "");
    }

    std::string file;
    bool silent = false, knows_options = true, refuses_options = false;
    unsigned window = 1, block_size = 512;
    unsigned largest_window = 64;
    std::uint16_t transfer_port = 50000;
    std::set<std::uint64_t> lose;   // data blocks, once each
    std::set<std::uint64_t> repeat; // data blocks sent twice
    std::vector<std::string> requested, errors;
    std::string extra_options;
    unsigned acks = 0;

  private:
    void read_request(const std::string& payload) {
        std::vector<std::string> words;
        for (std::size_t at = 2; at < payload.size();) {
            words.emplace_back(payload.c_str() + at);
            at += words.back().size() + 1;
        }
        requested.push_back(words[0]);
        acked_ = 0;
        if (words.size() > 2 && refuses_options) return send_error(8, "no options here");
        if (words.size() == 2 || !knows_options) return send_window();
        std::string granted = "\0\6"s;
        for (std::size_t i = 2; i + 1 < words.size(); i += 2) {
            unsigned value = std::stoul(words[i + 1]);
            if (words[i] == "blksize") block_size = value;
            if (words[i] == "windowsize") value = window = std::min(value, largest_window);
            if (words[i] == "tsize") value = file.size();
            granted += words[i] + "\0"s + std::to_string(value) + "\0"s;
        }
        send(granted + extra_options);
    }
    void acknowledge(unsigned block) {
        ++acks;
        // The full number nearest to what was sent.
        std::uint64_t full = (acked_ & ~std::uint64_t{0xffff}) | block;
        if (full < acked_) full += 0x10000;
        acked_ = full;
        send_window();
    }
    void send_window() {
        for (std::uint64_t block = acked_ + 1; block <= acked_ + window; ++block) {
            if ((block - 1) * block_size > file.size()) return;
            if (!lose.erase(block)) send(data(block));
            if (repeat.erase(block)) send(data(block));
        }
    }
    FakeDatagrams& network_;
    std::uint64_t acked_ = 0;
};

class TestSink final : public FetchSink {
  public:
    util::Result<void> begin(std::optional<std::uint64_t> size) override {
        ++begun;
        bytes.clear();
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

class Tftp : public testing::Test {
  protected:
    const util::Failure* get(std::string_view uri = "tftp://10.0.2.2/dir/file") {
        auto result = fetch(context, Uri::parse(uri).take(), sink);
        return result.ok() ? nullptr : &result.failure();
    }
    static std::int64_t seconds() { return util::Loop().now().us() / 1000000; }
    FakeDatagrams network;
    TftpServer server{network};
    TestSink sink;
    util::Loop loop;
    CountingRandom random;
    DnsSettings dns;
    FetchContext context{loop, network, random, dns, {}};
};

TEST_F(Tftp, ReadsAFile) {
    server.file = pattern(100000);
    EXPECT_EQ(get(), nullptr);
    EXPECT_EQ(sink.bytes, server.file);
    EXPECT_EQ(sink.announced, 100000u);
    EXPECT_EQ(server.requested, std::vector{"dir/file"s});
    EXPECT_EQ(server.block_size, 1468u);
    EXPECT_EQ(network.open_now, 0u);
    EXPECT_EQ(util::Loop().now(), util::Instant());
}

TEST_F(Tftp, ReadsEmptyFilesAndFilesOfWholeBlocks) {
    for (std::size_t size : {0u, 1u, 511u, 512u, 513u, 1468u, 2936u}) {
        server.file = pattern(size);
        sink = {};
        EXPECT_EQ(get(), nullptr);
        EXPECT_EQ(sink.bytes, server.file) << size;
        EXPECT_EQ(sink.begun, 1);
    }
}

TEST_F(Tftp, TheSlashBeforeTheNameOnlySeparates) {
    get("tftp://10.0.2.2//abs/a%20b%2523?c=d");
    EXPECT_EQ(server.requested, std::vector{"/abs/a b%23"s});
}

TEST_F(Tftp, UsesThePortOfTheUri) {
    get("tftp://10.0.2.2:6900/x");
    EXPECT_EQ(network.sent[0].remote, (Ipv4Endpoint{kServer, 6900}));
}

TEST_F(Tftp, InvitesNoLargerBurstThanTheRingHolds) {
    server.file = pattern(50000);
    network.way.receive_capacity = 8;
    EXPECT_EQ(get(), nullptr);
    EXPECT_EQ(server.window, 6u);
    network.way = {.mtu = 576, .receive_capacity = 1};
    server.window = 1;
    EXPECT_EQ(get(), nullptr);
    EXPECT_EQ(server.window, 1u);
    EXPECT_EQ(server.block_size, 544u);
    EXPECT_EQ(network.sent.back().payload.find("windowsize"), std::string::npos);
}

TEST_F(Tftp, ReadsFromAServerThatKnowsNoOptions) {
    server.knows_options = false;
    server.file = pattern(3000);
    EXPECT_EQ(get(), nullptr);
    EXPECT_EQ(sink.bytes, server.file);
    EXPECT_FALSE(sink.announced);
}

TEST_F(Tftp, AsksWithoutOptionsWhenTheyAreRefused) {
    server.refuses_options = true;
    server.file = pattern(3000);
    EXPECT_EQ(get(), nullptr);
    EXPECT_EQ(sink.bytes, server.file);
    EXPECT_EQ(server.requested.size(), 2u);
}

TEST_F(Tftp, SaysAtOnceWhereAWindowHasAGap) {
    server.file = pattern(100 * 1468);
    network.way.receive_capacity = 40;
    server.lose = {7, 40, 41, 42, 70};
    EXPECT_EQ(get(), nullptr);
    EXPECT_EQ(sink.bytes, server.file);
    EXPECT_EQ(seconds(), 0);
    EXPECT_LE(server.acks, 12u);
}

TEST_F(Tftp, AsksAgainWhenTheEndOfAWindowIsLost) {
    server.file = pattern(20 * 1468);
    network.way.receive_capacity = 6;
    server.lose = {4, 20, 21};
    EXPECT_EQ(get(), nullptr);
    EXPECT_EQ(sink.bytes, server.file);
    EXPECT_LE(seconds(), 2);
}

TEST_F(Tftp, PassesOverRepeatedBlocks) {
    server.file = pattern(20 * 1468);
    server.repeat = {1, 2, 5, 6, 20};
    EXPECT_EQ(get(), nullptr);
    EXPECT_EQ(sink.bytes, server.file);
}

TEST_F(Tftp, BlockNumbersWrapToZero) {
    server.knows_options = false;
    server.file = pattern(65537 * 512 + 100);
    EXPECT_EQ(get(), nullptr);
    EXPECT_TRUE(sink.bytes == server.file);
}

TEST_F(Tftp, BlockNumbersWrapInTheMiddleOfAWindow) {
    server.file = pattern(66000 * 1468 + 100);
    network.way.receive_capacity = 9;  // a window of 7
    server.lose = {65534, 65536, 65537, 65540};
    EXPECT_EQ(get(), nullptr);
    EXPECT_TRUE(sink.bytes == server.file);
}

TEST_F(Tftp, TellsWhatTheServerSays) {
    network.on_send = [&](auto&, auto&) { server.send_error(1, "no \x1b[31mfile"); };
    EXPECT_EQ(get(), &kTftpNoFile);
    EXPECT_EQ(context.detail.view(), "no ?[31mfile");
    network.on_send = [&](auto&, auto&) { server.send_error(2, "go away"); };
    EXPECT_EQ(get(), &kTftpDenied);
    network.on_send = [&](auto&, auto&) { server.send_error(0, ""); };
    EXPECT_EQ(get(), &kTftpError);
}

TEST_F(Tftp, GivesUpOnASilentServerAfterHalfAMinute) {
    server.silent = true;
    EXPECT_EQ(get(), &kTftpTimedOut);
    EXPECT_GE(seconds(), 20);
    EXPECT_LE(seconds(), 40);
    EXPECT_EQ(network.sent.size(), 10u);
}

TEST_F(Tftp, GivesUpOnAServerThatStops) {
    server.file = pattern(50000);
    bool told = false;
    network.on_send = [&](auto& remote, auto& payload) {
        told |= payload == "\0\5\0\0timed out\0"s;
        if (sink.bytes.size() < 5000) server.receive(remote, payload);
    };
    EXPECT_EQ(get(), &kTftpStalled);
    EXPECT_TRUE(told);
    EXPECT_EQ(network.open_now, 0u);
    EXPECT_GE(seconds(), 4 * 20 + 14) << "it was asked three times more";
    EXPECT_LE(seconds(), 4 * 40 + 14);
}

// A server that is started again in the middle of a file: its port for the transfer is gone, and so is, for a while, port 69.
TEST_F(Tftp, BeginsAnewWhenTheServerIsStartedAgain) {
    server.file = pattern(50000);
    util::Instant up = util::Instant::never();
    network.on_send = [&](auto& remote, auto& payload) {
        util::Instant now = util::Loop().now();
        if (up == util::Instant::never() && sink.bytes.size() >= 20000) {
            up = now + Duration::seconds(5);
            server.transfer_port = 50001;
            server.file = pattern(60000) + "another one";
        }
        network.refused = up != util::Instant::never() && (now < up || (remote.port != 69 && remote.port != 50001));
        if (!network.refused) server.receive(remote, payload);
    };
    EXPECT_EQ(get(), nullptr);
    EXPECT_EQ(sink.bytes, server.file) << "nothing of the old one";
    EXPECT_EQ(sink.announced, server.file.size());
    EXPECT_EQ(sink.begun, 2);
    EXPECT_LE(seconds(), 15);
    EXPECT_EQ(network.open_now, 0u);
}

TEST_F(Tftp, BeginsAnewWhenTheServerDoesNotKnowTheTransferAnyMore) {
    server.file = pattern(50000);
    bool restarted = false;
    network.on_send = [&](auto& remote, auto& payload) {
        if (!restarted && sink.bytes.size() >= 20000) {
            restarted = true;
            return server.send_error(5, "unknown transfer");
        }
        server.receive(remote, payload);
    };
    EXPECT_EQ(get(), nullptr);
    EXPECT_EQ(sink.bytes, server.file);
    EXPECT_EQ(server.requested.size(), 2u);
}

TEST_F(Tftp, BeginsAnewAfterSilenceAndSaysWhatIsMissingThen) {
    server.file = pattern(50000);
    bool gone = false;
    network.on_send = [&](auto& remote, auto& payload) {
        gone |= sink.bytes.size() >= 20000;
        if (gone && payload[1] == 1) return server.send_error(1, "no such file");
        if (!gone) server.receive(remote, payload);
    };
    EXPECT_EQ(get(), &kTftpNoFile);
    EXPECT_EQ(server.requested.size(), 1u);
}

TEST_F(Tftp, IsNotBegunAnewWhenTheServerReportsAnError) {
    server.file = pattern(50000);
    network.on_send = [&](auto& remote, auto& payload) {
        if (sink.bytes.size() >= 20000) return server.send_error(0, "the disk is broken");
        server.receive(remote, payload);
    };
    EXPECT_EQ(get(), &kTftpError);
    EXPECT_EQ(server.requested.size(), 1u);
    EXPECT_EQ(context.detail.view(), "the disk is broken");
}

TEST_F(Tftp, PassesOverOneRefusalInTheMiddle) {
    server.file = pattern(50000);
    unsigned lost = 0;
    network.on_send = [&](auto& remote, auto& payload) {
        network.refused = sink.bytes.size() >= 20000 && lost < 1;
        if (network.refused) ++lost;
        else server.receive(remote, payload);
    };
    EXPECT_EQ(get(), nullptr);
    EXPECT_EQ(server.requested.size(), 1u);
}

TEST_F(Tftp, CtrlCEndsTheWaitForAServer) {
    server.file = pattern(50000);
    network.on_send = [&](auto& remote, auto& payload) {
        network.refused = sink.bytes.size() >= 20000;
        if (!network.refused) server.receive(remote, payload);
        else if (payload[1] == 1) host::type("\x03");
    };
    EXPECT_EQ(get(), &util::kCancelled);
}

TEST_F(Tftp, BelievesThatNothingListens) {
    server.silent = true;
    network.refused = true;
    EXPECT_EQ(get(), &kTftpRefused);
    EXPECT_EQ(seconds(), 0);
}

TEST_F(Tftp, IsNotDisturbedByOthers) {
    server.file = pattern(3000);
    network.on_send = [&](auto& remote, auto& payload) {
        if (payload[1] == 4) {
            network.put({kServer, 6666}, "\0\3\0\1not this"s);
            network.put({{10, 0, 2, 9}, server.transfer_port}, "\0\3\0\1nor this"s);
            network.put({kServer, 6666}, "\0\5\0\0nor this"s);
        }
        server.receive(remote, payload);
    };
    EXPECT_EQ(get(), nullptr);
    EXPECT_EQ(sink.bytes, server.file);
    bool told = false;
    for (auto& sent : network.sent)
        if (sent.remote.port == 6666) told = sent.payload.substr(0, 4) == "\0\5\0\5"s;
    EXPECT_TRUE(told);
}

TEST_F(Tftp, RefusesOptionsThatWereNotAskedFor) {
    for (std::string granted : {"blksize\0"s + "8192\0"s, "blksize\0"s + "0\0"s, "windowsize\0"s + "65535\0"s, "windowsize\0"s + "0\0"s}) {
        network.on_send = [&](auto&, auto& payload) {
            if (payload[1] == 1) server.send("\0\6"s + granted);
        };
        EXPECT_EQ(get(), &kTftpNonsense);
        EXPECT_EQ(network.sent.back().payload.substr(0, 4), "\0\5\0\x8"s);
    }
}

TEST_F(Tftp, DropsBlocksOverTheBlockSize) {
    network.on_send = [&](auto&, auto&) { server.send("\0\3\0\1"s + std::string(600, 'x')); };
    EXPECT_EQ(get(), &kTftpTimedOut);
    EXPECT_TRUE(sink.bytes.empty());
}

TEST_F(Tftp, NoticesAFileThatEndsEarly) {
    network.on_send = [&](auto&, auto& payload) {
        if (payload[1] == 1) server.send("\0\6tsize\0"s + "1000\0"s);
        if (payload[1] == 4 && payload[3] == 0) server.send("\0\3\0\1short"s);
    };
    EXPECT_EQ(get(), &kTftpShort);
}

TEST_F(Tftp, TellsTheServerWhenTheSinkIsFull) {
    server.file = pattern(5000);
    sink.limit = 2000;
    EXPECT_EQ(get(), &kFileTooBig);
    EXPECT_EQ(server.errors.size(), 1u);
}

TEST_F(Tftp, CtrlCEndsItAndTellsTheServer) {
    server.file = pattern(3000);
    network.on_send = [&](auto& remote, auto& payload) {
        if (sink.bytes.empty()) return server.receive(remote, payload);
        if (payload[1] == 5) return server.receive(remote, payload);
        host::type("\x03");
    };
    EXPECT_EQ(get(), &util::kCancelled);
    EXPECT_EQ(server.errors.size(), 1u);
    EXPECT_EQ(network.open_now, 0u);
}

TEST_F(Tftp, RefusesNamesThatItCannotAskFor) {
    EXPECT_EQ(get("tftp://10.0.2.2/"), &kTftpBadName);
    EXPECT_EQ(get("tftp://10.0.2.2/a%00b"), &kTftpBadName);
    EXPECT_EQ(get("tftp://10.0.2.2/" + std::string(600, 'x')), &kTftpBadName);
}

TEST_F(Tftp, FetchNamesWhatItCannotDo) {
    EXPECT_EQ(get("gopher://10.0.2.2/x"), &kUnknownScheme);
    EXPECT_EQ(context.detail.view(), "gopher");
    EXPECT_EQ(get("tftp:///x"), &kNoHost);
    EXPECT_EQ(get("tftp://server.example/x"), &kDnsNoServer);
    EXPECT_EQ(context.detail.view(), "server.example");
    EXPECT_TRUE(can_fetch(Uri::parse("TFTP://h/x").take()));
    EXPECT_FALSE(can_fetch(Uri::parse("x").take()));
}

TEST_F(Tftp, MemorySinkKeepsToItsLimit) {
    server.file = pattern(5000);
    MemorySink memory(5000);
    EXPECT_TRUE(fetch(context, Uri::parse("tftp://10.0.2.2/x").take(), memory).ok());
    EXPECT_EQ(util::as_text(memory.bytes()), server.file);
    MemorySink small(4999);
    EXPECT_EQ(&fetch(context, Uri::parse("tftp://10.0.2.2/x").take(), small).failure(), &kFileTooBig);
    server.knows_options = false;
    server.window = 1;
    server.block_size = 512;
    MemorySink unannounced(4999);
    EXPECT_EQ(&fetch(context, Uri::parse("tftp://10.0.2.2/x").take(), unannounced).failure(), &kFileTooBig);
    EXPECT_EQ(unannounced.bytes().size(), 4608u);
}

}  // namespace
}  // namespace net
