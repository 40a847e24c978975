// Pointers in parameters that lead nowhere: every call that has one says so by its status, touches nothing, and works as soon as the pointer is good.
#include <cstring>

#include "tests/unit/net/datagram_fake.h"
#include "tests/unit/net/pxe_fixture.h"

namespace net {
namespace {

using namespace std::string_literals;
using pxe::Status;

constexpr Ipv4Address kServer{10, 0, 0, 2};

struct Wild {
    const char* what;
    pxe::SegOff16 pointer;
};
// What is there is at least 32 bytes long in every call.
const Wild kWild[] = {
    {"null", {0, 0}},
    {"interrupt vectors", {0x004c, 0}},
    {"the BIOS data area", {0x13, 0x40}},
    {"ours", {0x0123, ProgramMemory::kOurs >> 4}},
    {"up to within ours", {0, (ProgramMemory::kOurs >> 4) - 1}},
    {"from within ours on", {0xf, (ProgramMemory::kOursEnd >> 4) - 1}},
    {"beyond the end of a segment", {0xfff0, 0x2000}},
    {"its last byte", {0xffff, 0x2000}},
    {"beyond what real mode reaches", {0xffff, 0xffff}},
};
const Wild kWildPhysical[] = {
    {"null", {0, 0}},
    {"the BIOS data area", {0x413, 0}},
    {"ours", {0xc000, 0x9}},
    {"where nothing is", {0, 0x8000}},
    {"up to within ours", {0xbff8, 0x9}},
    {"beyond 4 GiB", {0xfff0, 0xffff}},
};

class PxePointersTest : public PxeFixture {
  protected:
    static constexpr std::uint32_t kName = 0x9000, kDescriptor = 0x9800, kMac = 0x9900;

    // A call, with its parameters but for the pointer, which is at this address and shall lead to `good`.
    struct Row {
        const char* name;
        std::uint16_t function;
        std::uint32_t pointer_at;
        pxe::SegOff16 good;
        std::span<const Wild> wild;
        std::function<void()> prepare;
    };

    PxePointersTest() {
        api.reset();
        api.emplace(PxeApi::Parts{a.stack, a.interface, context, packets, read_pci, shared});
        api->start(memory, {far_pointer(kAreaAt), memory.map(kAreaAt, api->area_size())});
        // A file of one block, RFC 1350.
        network.on_send = [this](auto&, auto& payload) {
            if (payload[1] == 1) network.put({kServer, 50000}, "\0\3\0\1"s + std::string(200, 'f'));
        };
        memory.put(kName, "tftp://10.0.0.2/file"s + '\0');
        parameters<pxe::UdpOpen>() = {};
        EXPECT_EQ(call(pxe::kUdpOpen), Status::Success);
        parameters<pxe::UndiOpen>() = {.filter = pxe::kFilterDirected};
        EXPECT_EQ(call(pxe::kUndiOpen), Status::Success);
    }
    ~PxePointersTest() override { api.reset(); }

    static constexpr std::uint32_t at(std::size_t offset) { return kParameters + static_cast<std::uint32_t>(offset); }

    // What the program has, but for the parameters.
    std::string rest() {
        std::string text = memory.text(0, ProgramMemory::kSize);
        text.replace(kParameters, 256, "");
        return text;
    }
    void prepare(const Row& row, const pxe::SegOff16& pointer) {
        row.prepare();
        std::memcpy(&memory.at<std::byte>(row.pointer_at), &pointer, sizeof pointer);
    }
    void try_all(const Row& row) {
        SCOPED_TRACE(row.name);
        for (const Wild& wild : row.wild) {
            SCOPED_TRACE(wild.what);
            prepare(row, wild.pointer);
            std::string before = rest();
            EXPECT_NE(call(row.function), Status::Success);
            EXPECT_EQ(answer.exit, pxe::Exit::Failure);
            EXPECT_EQ(answer.then, PxeApi::Then::Return);
            EXPECT_TRUE(rest() == before) << "nothing is written";
            settle();
            EXPECT_TRUE(sent.empty()) << "nothing is sent";
        }
        prepare(row, row.good);
        (void)call(row.function);
        EXPECT_EQ(answer.exit, pxe::Exit::Success) << "and nothing is lost";
        sent.clear();
    }
    void record() {
        wire.set_filter([this](host::WireEnd& from, host::Frame& frame) {
            if (&from == &a.end) sent.push_back(frame);
            return true;
        });
    }
    Status open_tftp() {
        auto& call = parameters<pxe::TftpOpen>();
        call = {.server = kServer, .packet_size = 512};
        std::memcpy(call.filename, "file", 5);
        return this->call(pxe::kTftpOpen);
    }
    std::uint16_t open_file() {
        parameters<pxe::FileOpen>() = {};
        parameters<pxe::FileOpen>().name = far_pointer(kName);
        EXPECT_EQ(call(pxe::kFileOpen), Status::Success);
        return parameters<pxe::FileOpen>().handle;
    }
    void prepare_descriptor(std::uint8_t protocol, std::uint16_t immediate) {
        memory.put(kBuffer, std::string(64, 'x'));
        auto& descriptor = memory.at<pxe::TransmitDescriptor>(kDescriptor);
        descriptor = {.immediate_length = immediate, .immediate = far_pointer(kBuffer)};
        parameters<pxe::UndiTransmit>() = {
            .protocol = protocol, .destination = far_pointer(kMac), .descriptor = far_pointer(kDescriptor)};
    }
    void prepare_block(std::uint8_t type) {
        prepare_descriptor(0, 0);
        auto& descriptor = memory.at<pxe::TransmitDescriptor>(kDescriptor);
        descriptor.block_count = 1;
        descriptor.blocks[0] = {.pointer_type = type, .length = 64, .pointer = {}};
    }

    FakeDatagrams network;
    FetchContext context{loop, network, a.random, dns, {}};
};

TEST_F(PxePointersTest, OfCachedInfo) {
    std::span<const Wild> wild(kWild);
    try_all({"GET_CACHED_INFO: Buffer", pxe::kGetCachedInfo, at(offsetof(pxe::GetCachedInfo, buffer)), far_pointer(kBuffer),
             wild.subspan(1),  // null asks where it is
             [this] {
                 parameters<pxe::GetCachedInfo>() = {};
                 parameters<pxe::GetCachedInfo>().packet_type = 2;
                 parameters<pxe::GetCachedInfo>().buffer_size = 1500;
             }});
}

TEST_F(PxePointersTest, OfTftp) {
    ASSERT_EQ(open_tftp(), Status::Success);
    record();
    try_all({"TFTP_READ: Buffer", pxe::kTftpRead, at(offsetof(pxe::TftpRead, buffer)), far_pointer(kBuffer), kWild,
             [this] { parameters<pxe::TftpRead>() = {}; }});
    EXPECT_EQ(memory.text(kBuffer, 200), std::string(200, 'f'));
}

TEST_F(PxePointersTest, OfWholeFiles) {
    record();
    for (std::uint16_t function : {pxe::kTftpReadFile, pxe::kRestartTftp})
        try_all({"TFTP_READ_FILE, RESTART_TFTP: Buffer", function, at(offsetof(pxe::TftpReadFile, buffer)),
                 {0, kBuffer >> 16}, kWildPhysical, [this] {
                     auto& call = parameters<pxe::TftpReadFile>();
                     call = {.buffer_size = 0xffffffff, .server = kServer};
                     std::memcpy(call.filename, "file", 5);
                 }});
}

TEST_F(PxePointersTest, OfFiles) {
    record();
    try_all({"FILE_OPEN: FileName", pxe::kFileOpen, at(offsetof(pxe::FileOpen, name)), far_pointer(kName), kWild,
             [this] { parameters<pxe::FileOpen>() = {}; }});
    std::uint16_t handle = open_file();
    try_all({"FILE_READ: Buffer", pxe::kFileRead, at(offsetof(pxe::FileRead, buffer)), far_pointer(kBuffer), kWild, [&] {
                 parameters<pxe::FileRead>() = {};
                 parameters<pxe::FileRead>().handle = handle;
                 parameters<pxe::FileRead>().buffer_size = 200;
             }});
    EXPECT_EQ(memory.text(kBuffer, 200), std::string(200, 'f'));
}

TEST_F(PxePointersTest, OfNamesThatEndWithTheirSegment) {
    memory.put(0x2fff0, "tftp://10.0.0.2/f\0"s);
    parameters<pxe::FileOpen>() = {};
    parameters<pxe::FileOpen>().name = {0xfff0, 0x2000};
    EXPECT_NE(call(pxe::kFileOpen), Status::Success);
}

TEST_F(PxePointersTest, OfUdp) {
    // No UNDI: what comes is for the socket.
    EXPECT_EQ(call(pxe::kUndiClose), Status::Success);
    auto prepare_read = [this] {
        parameters<pxe::UdpRead>() = {};
        parameters<pxe::UdpRead>().destination_port = 5000;
        parameters<pxe::UdpRead>().buffer_size = 1500;
        parameters<pxe::UdpRead>().buffer = far_pointer(kBuffer);
    };
    prepare_read();
    ASSERT_EQ(call(pxe::kUdpRead), Status::Failure);
    auto peer = UdpSocket::open(b.stack, 69).take();
    ASSERT_TRUE(peer->send({Ipv4Address(10, 0, 0, 1), 5000}, util::as_bytes("the only one, and it must not be lost")).ok());
    settle();
    record();
    try_all({"UDP_READ: buffer", pxe::kUdpRead, at(offsetof(pxe::UdpRead, buffer)), far_pointer(kBuffer), kWild, prepare_read});
    EXPECT_EQ(memory.text(kBuffer, 12), "the only one");
    try_all({"UDP_WRITE: buffer", pxe::kUdpWrite, at(offsetof(pxe::UdpWrite, buffer)), far_pointer(kBuffer), kWild, [this] {
                 parameters<pxe::UdpWrite>() = {};
                 parameters<pxe::UdpWrite>().destination = kServer;
                 parameters<pxe::UdpWrite>().destination_port = 69;
                 parameters<pxe::UdpWrite>().buffer_size = 64;
             }});
}

TEST_F(PxePointersTest, OfFrames) {
    record();
    try_all({"UNDI_TRANSMIT: TBD", pxe::kUndiTransmit, at(offsetof(pxe::UndiTransmit, descriptor)), far_pointer(kDescriptor), kWild,
             [this] { prepare_descriptor(0, 64); }});
    try_all({"UNDI_TRANSMIT: DestAddr", pxe::kUndiTransmit, at(offsetof(pxe::UndiTransmit, destination)), far_pointer(kMac),
             std::span(kWild).first(4), [this] { prepare_descriptor(pxe::kProtocolIp, 64); }});
    try_all({"t_PXENV_UNDI_TBD: Xmit", pxe::kUndiTransmit, kDescriptor + offsetof(pxe::TransmitDescriptor, immediate), far_pointer(kBuffer),
             kWild, [this] { prepare_descriptor(0, 64); }});
    std::uint32_t block = kDescriptor + offsetof(pxe::TransmitDescriptor, blocks) + offsetof(pxe::TransmitBlock, pointer);
    try_all({"t_PXENV_UNDI_TBD: DataBlock, far", pxe::kUndiTransmit, block, far_pointer(kBuffer), kWild, [this] { prepare_block(1); }});
    try_all({"t_PXENV_UNDI_TBD: DataBlock, physical", pxe::kUndiTransmit, block, {0, kBuffer >> 16}, kWildPhysical,
             [this] { prepare_block(pxe::TransmitBlock::kPhysical); }});
}

// Of every call that there may be, served or not.
TEST_F(PxePointersTest, ToTheParametersThemselves) {
    constexpr pxe::SegOff16 kNowhere[] = {{0, 0}, {0x004c, 0}, {0x13, 0x40}, {0x0123, ProgramMemory::kOurs >> 4}, {0xffff, 0x2000}, {0xffff, 0xffff}};
    record();
    std::string before = memory.text(0, ProgramMemory::kSize);
    for (std::uint16_t function = 0; function <= 0xff; ++function)
        for (const pxe::SegOff16& nowhere : kNowhere) {
            PxeApi::Answer called = api->call(function, nowhere);
            EXPECT_EQ(called.exit, pxe::Exit::Failure) << function << " at " << nowhere.linear();
            EXPECT_EQ(called.then, PxeApi::Then::Return);
        }
    settle();
    EXPECT_TRUE(memory.text(0, ProgramMemory::kSize) == before);
    EXPECT_TRUE(sent.empty());
    EXPECT_TRUE(a.interface.is_open());
}

TEST_F(PxePointersTest, ToParametersThatEndWithTheirSegment) {
    EXPECT_EQ(api->call(pxe::kGetCachedInfo, {0x10000 - sizeof(pxe::GetCachedInfo) + 1, 0x2000}).exit, pxe::Exit::Failure);
    pxe::SegOff16 last{0x10000 - sizeof(pxe::GetCachedInfo), 0x2000};
    auto& call = memory.at<pxe::GetCachedInfo>(last.linear());
    call = {};
    call.packet_type = 2;
    EXPECT_EQ(api->call(pxe::kGetCachedInfo, last).exit, pxe::Exit::Success);
}

TEST_F(PxePointersTest, AnInterruptServiceThatThereIsNotIsAnInvalidParameter) {
    for (std::uint16_t flag : {0, 4, 77, 0xffff}) {
        parameters<pxe::UndiIsr>() = {.flag = flag};
        EXPECT_EQ(call(pxe::kUndiIsr), Status::UndiInvalidParameter) << flag;
    }
}

}  // namespace
}  // namespace net
