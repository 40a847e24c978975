// Files by URI: the file extension of the PXE API, as PXELINUX uses it.
#include <map>

#include "tests/unit/net/datagram_fake.h"
#include "tests/unit/net/http_fake.h"
#include "tests/unit/net/pxe_fixture.h"

namespace net {
namespace {

using namespace std::string_literals;
using pxe::Status;

class PxeFileTest : public PxeFixture {
  protected:
    static constexpr std::uint32_t kName = 0x9000;

    PxeFileTest() {
        fetch.connector = &server;
        loop.add(server);
        server.answer = [this](const std::string& request, auto&) {
            std::size_t at = request.find(' ') + 1;
            auto file = files.find(request.substr(at, request.find(' ', at) - at));
            if (file == files.end()) return "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"s;
            return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(file->second.size()) + "\r\n\r\n" + file->second;
        };
    }
    ~PxeFileTest() override { api.reset(); }

    Status open(const std::string& name) {
        memory.put(kName, name + '\0');
        parameters<pxe::FileOpen>() = {};
        parameters<pxe::FileOpen>().name = far_pointer(kName);
        Status status = call(pxe::kFileOpen);
        handle = parameters<pxe::FileOpen>().handle;
        return status;
    }
    Status read(std::uint16_t from, std::uint16_t room) {
        parameters<pxe::FileRead>() = {};
        parameters<pxe::FileRead>().handle = from;
        parameters<pxe::FileRead>().buffer_size = room;
        parameters<pxe::FileRead>().buffer = far_pointer(kBuffer);
        Status status = call(pxe::kFileRead);
        got = status == Status::Success ? memory.text(kBuffer, parameters<pxe::FileRead>().buffer_size) : "";
        return status;
    }
    std::string all(std::uint16_t from) {
        std::string text;
        for (int i = 0; i < 10000; ++i) {
            Status status = read(from, 700);
            if (status == Status::TftpOpen) continue;
            if (status != Status::Success || got.empty()) return status == Status::Success ? text : "failed";
            text += got;
        }
        return "for ever";
    }
    Status close(std::uint16_t which) {
        parameters<pxe::FileClose>().handle = which;
        return call(pxe::kFileClose);
    }

    FakeHttp server;
    std::map<std::string, std::string> files;
    std::uint16_t handle = 0;
    std::string got;
};

TEST_F(PxeFileTest, SaysThatItIsThereToWhoKnowsIt) {
    auto& check = parameters<pxe::FileCheck>();
    check.size = sizeof check;
    check.magic = pxe::FileCheck::kAsked;
    EXPECT_EQ(call(pxe::kFileCheck), Status::Success);
    EXPECT_EQ(check.magic, pxe::FileCheck::kAnswer);
    EXPECT_EQ(check.size, 20);
    EXPECT_EQ(check.functions & 0x5f, 0x5fu);
    EXPECT_EQ(check.flags, 0u);
    check.magic = 1;
    EXPECT_NE(call(pxe::kFileCheck), Status::Success);
}

TEST_F(PxeFileTest, ReadsFilesByHttpSeveralAtATime) {
    files["/a"] = std::string(5000, 'a');
    files["/b?c=d"] = "the other";
    ASSERT_EQ(open("http://10.0.0.9/a"), Status::Success);
    std::uint16_t first = handle;
    parameters<pxe::FileGetSize>().handle = first;
    EXPECT_EQ(call(pxe::kFileGetSize), Status::Success);
    EXPECT_EQ(parameters<pxe::FileGetSize>().size, 5000u);
    ASSERT_EQ(read(first, 1000), Status::Success);
    EXPECT_EQ(got, std::string(1000, 'a'));
    ASSERT_EQ(open("http://10.0.0.9/b?c=d"), Status::Success);
    EXPECT_NE(handle, first);
    EXPECT_EQ(all(handle), "the other");
    EXPECT_EQ(all(first), std::string(4000, 'a'));
    EXPECT_EQ(close(first), Status::Success);
    EXPECT_EQ(close(first), Status::TftpClosed);
    EXPECT_EQ(read(first, 10), Status::TftpClosed);
}

TEST_F(PxeFileTest, TellsWhenThereIsNothingYet) {
    server.answer = [](auto&, auto&) { return "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n"s; };
    ASSERT_EQ(open("http://10.0.0.9/slow"), Status::Success);
    auto ready = [&] {
        parameters<pxe::FileSelect>().handle = handle;
        EXPECT_EQ(call(pxe::kFileSelect), Status::Success);
        return parameters<pxe::FileSelect>().ready.get();
    };
    EXPECT_EQ(ready(), 0);
    EXPECT_EQ(read(handle, 100), Status::TftpOpen);
    server.connections[0]->pipe->to_client += "con";
    EXPECT_EQ(ready(), pxe::FileSelect::kRead);
    EXPECT_EQ(read(handle, 2), Status::Success);
    EXPECT_EQ(got, "co");
    server.connections[0]->pipe->to_client += "tent";
    EXPECT_EQ(read(handle, 100), Status::Success);
    EXPECT_EQ(got, "nten");
    server.connections[0]->pipe->fail(fake::kReset);
}

TEST_F(PxeFileTest, SaysWhyNot) {
    EXPECT_EQ(open("http://10.0.0.9/none"), Status::TftpFileNotFound);
    EXPECT_EQ(open("gopher://10.0.0.9/x"), Status::TftpCannotOpen);
    EXPECT_EQ(open("no uri"), Status::TftpCannotOpen);
    EXPECT_EQ(open(std::string(3000, 'x')), Status::TftpCannotOpen);
    parameters<pxe::FileOpen>().name = {0xffff, 0xffff};
    EXPECT_NE(call(pxe::kFileOpen), Status::Success);
    for (std::uint16_t wild : {0, 1, 9, 0xffff}) {
        EXPECT_EQ(read(wild, 10), Status::TftpClosed);
        EXPECT_EQ(close(wild), Status::TftpClosed);
    }
    files["/a"] = "a";
    for (std::size_t i = 0; i < PxeFiles::kMost; ++i) EXPECT_EQ(open("http://10.0.0.9/a"), Status::Success);
    EXPECT_EQ(open("http://10.0.0.9/a"), Status::OutOfResources);
    parameters<pxe::FileRead>().handle = 1;
    parameters<pxe::FileRead>().buffer = {0, ProgramMemory::kOurs / 16};
    parameters<pxe::FileRead>().buffer_size = 10;
    EXPECT_EQ(call(pxe::kFileRead), Status::UndiInvalidParameter) << "into our own memory";
    EXPECT_EQ(call(pxe::kStopBase), Status::Success);
    EXPECT_EQ(close(1), Status::TftpClosed);
}

}  // namespace
}  // namespace net
