// TFTP calls against a server that grants what it is asked for.
#include <map>

#include "tests/unit/net/datagram_fake.h"
#include "tests/unit/net/pxe_fixture.h"

namespace net {
namespace {

using namespace std::string_literals;
using pxe::Status;

constexpr Ipv4Address kServer{10, 0, 0, 2};

std::string pattern(std::size_t size) {
    std::string text(size, 0);
    for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i * 13 + i / 251);
    return text;
}

// Brings a packet each round, as a wire does.
struct SlowWire final : util::Poller {
    bool poll(util::Instant) override {
        if (waiting.empty()) return false;
        network.put({kServer, 50000}, waiting.front());
        waiting.pop_front();
        return true;
    }
    FakeDatagrams network;
    std::deque<std::string> waiting;
};

class PxeTftpTest : public PxeFixture {
  protected:
    PxeTftpTest() {
        api.reset();
        api.emplace(PxeApi::Parts{a.stack, a.interface, context, packets, read_pci, shared});
        api->start(memory, {far_pointer(kAreaAt), memory.map(kAreaAt, api->area_size())});
        loop.add(slow_wire);
        network.on_send = [this](auto& remote, auto& payload) { serve(remote, payload); };
    }

    ~PxeTftpTest() override { api.reset(); }  // while the server is still there

    // RFC 1350 with blksize and tsize, a block at a time.
    void serve(const Ipv4Endpoint& remote, const std::string& payload) {
        if (payload[1] == 1) {
            std::vector<std::string> words;
            for (std::size_t at = 2; at < payload.size(); at += words.back().size() + 1)
                words.emplace_back(payload.c_str() + at);
            asked_for = words[0];
            asked_port = remote.port;
            if (silent) return;
            if (!files.count(asked_for)) return reply("\0\5\0\1gone\0"s);
            file = files[asked_for];
            std::string granted = "\0\6"s;
            for (std::size_t i = 2; i + 1 < words.size(); i += 2) {
                if (words[i] == "blksize") granted += "blksize\0"s + words[i + 1] + "\0"s, block = std::stoul(words[i + 1]);
                if (words[i] == "tsize" && tells_size) granted += "tsize\0"s + std::to_string(file.size()) + "\0"s;
            }
            reply(granted);
        } else if (payload[1] == 4) {
            std::size_t number = (static_cast<unsigned char>(payload[2]) << 8 | static_cast<unsigned char>(payload[3])) + 1u;
            if (number > stops_after) return reply("\0\5\0\0broken\0"s);
            std::size_t at = (number - 1) * block;
            if (at <= file.size()) reply("\0\3"s + big_endian(static_cast<unsigned>(number)) + file.substr(at, block));
        }
    }
    void reply(const std::string& payload) { slow_wire.waiting.push_back(payload); }

    Status open(std::string_view name, std::uint16_t packet_size) {
        auto& call = parameters<pxe::TftpOpen>();
        call = {.server = kServer, .port = 69, .packet_size = packet_size};
        std::memcpy(call.filename, name.data(), name.size());
        return this->call(pxe::kTftpOpen);
    }
    // READ until a short packet; what they held.
    std::string read_all(std::size_t packet_size) {
        std::string text;
        for (unsigned number = 1;; ++number) {
            auto& call = parameters<pxe::TftpRead>();
            call = {.buffer = far_pointer(kBuffer)};
            EXPECT_EQ(this->call(pxe::kTftpRead), Status::Success);
            EXPECT_EQ(call.packet_number, number);
            text += memory.text(kBuffer, call.buffer_size);
            if (call.buffer_size < packet_size || number > 1000) return text;
        }
    }

    SlowWire slow_wire;
    FakeDatagrams& network = slow_wire.network;
    FetchContext context{loop, network, a.random, dns, {}};
    std::map<std::string, std::string> files;
    std::string file, asked_for;
    std::size_t block = 512, stops_after = 100000;
    std::uint16_t asked_port = 0;
    bool silent = false, tells_size = true;
};

TEST_F(PxeTftpTest, AFileIsReadInPacketsOfTheProgramsSize) {
    files["pxelinux.cfg/default"] = pattern(5000);
    for (std::uint16_t size : {512, 1024, 1408, 1456}) {
        ASSERT_EQ(open("pxelinux.cfg/default", size), Status::Success);
        EXPECT_EQ(parameters<pxe::TftpOpen>().packet_size, size);
        EXPECT_TRUE(read_all(size) == files[asked_for]);
        EXPECT_EQ(block, 1468u) << "on the wire";
    }
}

TEST_F(PxeTftpTest, AFileOfWholePacketsEndsWithAnEmptyOne) {
    files["x"] = pattern(1024);
    ASSERT_EQ(open("x", 512), Status::Success);
    EXPECT_TRUE(read_all(512) == files["x"]);
    EXPECT_EQ(call(pxe::kTftpRead), Status::TftpClosed);
    files["empty"] = "";
    ASSERT_EQ(open("empty", 512), Status::Success);
    EXPECT_EQ(read_all(512), "");
}

TEST_F(PxeTftpTest, AbsurdPacketSizesAreMended) {
    files["x"] = pattern(100);
    ASSERT_EQ(open("x", 0), Status::Success);
    EXPECT_EQ(parameters<pxe::TftpOpen>().packet_size, 512);
    ASSERT_EQ(open("x", 65535), Status::Success);
    EXPECT_LE(parameters<pxe::TftpOpen>().packet_size, 8192);
}

TEST_F(PxeTftpTest, WhatTheServerSaysIsAStatus) {
    EXPECT_EQ(open("missing", 512), Status::TftpFileNotFound);
    EXPECT_EQ(call(pxe::kTftpRead), Status::TftpClosed);
    files["x"] = pattern(5000);
    stops_after = 2;
    ASSERT_EQ(open("x", 512), Status::Success);
    Status status = Status::Success;
    for (int i = 0; i < 20 && status == Status::Success; ++i) {
        parameters<pxe::TftpRead>() = {.buffer = far_pointer(kBuffer)};
        status = call(pxe::kTftpRead);
    }
    EXPECT_EQ(status, Status::TftpErrorOpcode);
    silent = true;
    EXPECT_EQ(open("x", 512), Status::TftpOpenTimeout);
}

TEST_F(PxeTftpTest, APortInNetworkOrderIsObeyed) {
    files["x"] = "x";
    auto& call = parameters<pxe::TftpOpen>();
    call = {.server = kServer, .port = 6969, .packet_size = 512};
    call.filename[0] = 'x';
    ASSERT_EQ(this->call(pxe::kTftpOpen), Status::Success);
    EXPECT_EQ(asked_port, 6969);
}

TEST_F(PxeTftpTest, AClosedTransferIsToldToTheServer) {
    files["x"] = pattern(50000);
    ASSERT_EQ(open("x", 512), Status::Success);
    EXPECT_EQ(call(pxe::kTftpClose), Status::Success);
    EXPECT_EQ(network.sent.back().payload[1], 5);
    EXPECT_EQ(network.open_now, 0u);
}

TEST_F(PxeTftpTest, TheServerWaitsWhileTheProgramDoesNotRead) {
    files["x"] = pattern(50000);
    ASSERT_EQ(open("x", 512), Status::Success);
    std::size_t sent = network.sent.size();
    for (int i = 0; i < 100; ++i) loop.poll_once();
    EXPECT_EQ(network.sent.size(), sent);
}

TEST_F(PxeTftpTest, TheSizeIsAskedForWithoutTheFile) {
    files["x"] = pattern(300000);
    auto& call = parameters<pxe::TftpGetFileSize>();
    call = {.server = kServer};
    call.filename[0] = 'x';
    ASSERT_EQ(this->call(pxe::kTftpGetFileSize), Status::Success);
    EXPECT_EQ(call.file_size, 300000u);
    EXPECT_LT(network.sent.size(), 5u);
    tells_size = false;
    EXPECT_EQ(this->call(pxe::kTftpGetFileSize), Status::TftpNoFileSize);
    call.filename[0] = 'y';
    EXPECT_EQ(this->call(pxe::kTftpGetFileSize), Status::TftpFileNotFound);
}

class PxeReadFileTest : public PxeTftpTest {
  protected:
    Status read_file(std::uint32_t address, std::uint32_t room, std::uint16_t function = pxe::kTftpReadFile) {
        auto& call = parameters<pxe::TftpReadFile>();
        call = {.buffer_size = room, .buffer = address, .server = kServer};
        call.filename[0] = 'x';
        return this->call(function);
    }
};

TEST_F(PxeReadFileTest, AWholeFileGoesIntoMemory) {
    files["x"] = pattern(70000);
    ASSERT_EQ(read_file(kBuffer, 100000), Status::Success);
    EXPECT_EQ(parameters<pxe::TftpReadFile>().buffer_size, 70000u);
    EXPECT_TRUE(memory.text(kBuffer, 70000) == files["x"]);
}

TEST_F(PxeReadFileTest, AFileThatIsTooLongOrGoesWhereItMustNotIsGivenUp) {
    files["x"] = pattern(70000);
    EXPECT_EQ(read_file(kBuffer, 69999), Status::TftpCannotRead);
    EXPECT_EQ(read_file(ProgramMemory::kOurs - 1000, 100000), Status::TftpCannotRead);
    EXPECT_EQ(read_file(0xfffffff0, 100000), Status::TftpCannotRead);
    EXPECT_EQ(read_file(0, 100000), Status::TftpCannotRead);
}

TEST_F(PxeReadFileTest, ARestartIsForTheMachineToDo) {
    files["x"] = pattern(3000);
    read_file(0x7c00, 100000, pxe::kRestartTftp);
    EXPECT_EQ(answer.then, PxeApi::Then::Restart);
    EXPECT_TRUE(memory.text(0x7c00, 3000) == files["x"]) << "the parameters, too, have been overwritten";
    files.clear();
    EXPECT_EQ(read_file(0x7c00, 100000, pxe::kRestartTftp), Status::TftpFileNotFound);
    EXPECT_EQ(answer.then, PxeApi::Then::Return);
}

TEST_F(PxeReadFileTest, ANameWithoutAnEndIsNotReadBeyondItsField) {
    auto& call = parameters<pxe::TftpReadFile>();
    call = {.buffer_size = 1000, .buffer = kBuffer, .server = kServer};
    std::memset(call.filename, 'n', sizeof call.filename);
    EXPECT_EQ(this->call(pxe::kTftpReadFile), Status::TftpFileNotFound);
    EXPECT_EQ(asked_for, std::string(128, 'n'));
}

}  // namespace
}  // namespace net
