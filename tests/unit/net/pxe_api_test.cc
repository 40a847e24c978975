// Preboot and UDP calls, and pointers that lead nowhere.
#include "tests/unit/net/pxe_fixture.h"

namespace net {
namespace {

using pxe::Status;
using PxeApiTest = PxeFixture;

TEST_F(PxeApiTest, AnUnknownFunctionIsSaidToBeOne) {
    EXPECT_EQ(call(0x77), Status::BadFunction);
    EXPECT_EQ(call(0xffff), Status::BadFunction);
}

TEST_F(PxeApiTest, ParametersThatAreNotTheProgramsFailWithoutAStatus) {
    for (std::uint32_t linear : {0x0u, 0x400u, ProgramMemory::kOurs, ProgramMemory::kOurs - 1})
        EXPECT_EQ(api->call(pxe::kUdpOpen, far_pointer(linear)).exit, pxe::Exit::Failure) << linear;
    EXPECT_EQ(api->call(pxe::kTftpReadFile, {0xffff, 0xffff}).exit, pxe::Exit::Failure) << "ends where there is nothing";
}

TEST_F(PxeApiTest, CachedPacketsAreShownWhereTheyAre) {
    auto& info = parameters<pxe::GetCachedInfo>();
    std::string* contents[] = {&discover, &ack, &reply};
    for (unsigned type = 1; type <= 3; ++type) {
        info = {};
        info.packet_type = static_cast<std::uint16_t>(type);
        ASSERT_EQ(call(pxe::kGetCachedInfo), Status::Success);
        EXPECT_EQ(memory.text(info.buffer.linear(), info.buffer_size), *contents[type - 1]);
        EXPECT_GE(info.buffer_limit, info.buffer_size);
        if (type > 1) {
            EXPECT_GE(info.buffer_limit, pxe::kBootpLayerSize);
        }
    }
    info.packet_type = 4;
    EXPECT_EQ(call(pxe::kGetCachedInfo), Status::UndiInvalidParameter);
    info.packet_type = 0;
    EXPECT_EQ(call(pxe::kGetCachedInfo), Status::UndiInvalidParameter);
}

TEST_F(PxeApiTest, WhatAProgramWritesIntoACachedPacketStays) {
    auto& info = parameters<pxe::GetCachedInfo>();
    info = {};
    info.packet_type = 3;
    ASSERT_EQ(call(pxe::kGetCachedInfo), Status::Success);
    memory.put(info.buffer.linear(), "patched");
    info.buffer = far_pointer(kBuffer);
    info.buffer_size = 7;
    ASSERT_EQ(call(pxe::kGetCachedInfo), Status::Success);
    EXPECT_EQ(memory.text(kBuffer, 7), "patched");
}

TEST_F(PxeApiTest, CachedPacketsAreCopiedAndCutToTheCallersRoom) {
    auto& info = parameters<pxe::GetCachedInfo>();
    info = {};
    info.packet_type = 2;
    info.buffer = far_pointer(kBuffer);
    info.buffer_size = 2000;
    ASSERT_EQ(call(pxe::kGetCachedInfo), Status::Success);
    EXPECT_EQ(info.buffer_size, ack.size());
    EXPECT_EQ(memory.text(kBuffer, ack.size()), ack);
    info.buffer_size = 240;
    ASSERT_EQ(call(pxe::kGetCachedInfo), Status::Success);
    EXPECT_EQ(info.buffer_size, 240);
    info.buffer = far_pointer(ProgramMemory::kOurs);
    info.buffer_size = 240;
    EXPECT_EQ(call(pxe::kGetCachedInfo), Status::UndiInvalidParameter);
}

TEST_F(PxeApiTest, ReplyAndAckThatAreOneShareTheirPlace) {
    std::size_t both = api->area_size();
    api.reset();
    packets.reply = packets.ack;
    start();
    EXPECT_LT(api->area_size(), both);
    auto& info = parameters<pxe::GetCachedInfo>();
    info = {};
    info.packet_type = 3;
    ASSERT_EQ(call(pxe::kGetCachedInfo), Status::Success);
    EXPECT_EQ(memory.text(info.buffer.linear(), info.buffer_size), ack);
}

TEST_F(PxeApiTest, UnloadingTellsTheMachineOnceBothHalvesAreGone) {
    EXPECT_EQ(call(pxe::kUnloadStack), Status::Success);
    EXPECT_EQ(answer.then, PxeApi::Then::Return);
    EXPECT_EQ(call(pxe::kStopUndi), Status::Success);
    EXPECT_EQ(answer.then, PxeApi::Then::Unload);
    EXPECT_FALSE(a.interface.is_open());
}

TEST_F(PxeApiTest, ANicThatOthersNeedStaysOpen) {
    api.reset();
    shared = true;
    start();
    EXPECT_EQ(call(pxe::kUndiShutdown), Status::Success);
    EXPECT_EQ(call(pxe::kStopUndi), Status::Success);
    EXPECT_TRUE(a.interface.is_open());
}

TEST_F(PxeApiTest, UdpWantsToBeOpen) {
    EXPECT_EQ(call(pxe::kUdpRead), Status::UdpClosed);
    EXPECT_EQ(call(pxe::kUdpWrite), Status::UdpClosed);
    EXPECT_EQ(call(pxe::kUdpClose), Status::UdpClosed);
    parameters<pxe::UdpOpen>() = {};
    EXPECT_EQ(call(pxe::kUdpOpen), Status::Success);
    EXPECT_EQ(parameters<pxe::UdpOpen>().source, Ipv4Address(10, 0, 0, 1));
    EXPECT_EQ(call(pxe::kUdpOpen), Status::UdpOpen);
    EXPECT_EQ(call(pxe::kUdpClose), Status::Success);
    EXPECT_EQ(call(pxe::kUdpOpen), Status::Success);
}

class PxeUdpTest : public PxeFixture {
  protected:
    PxeUdpTest() {
        parameters<pxe::UdpOpen>() = {};
        EXPECT_EQ(call(pxe::kUdpOpen), Status::Success);
    }
    Status write(std::uint16_t from, Ipv4Address to, std::uint16_t port, std::string_view text) {
        memory.put(kBuffer, text);
        parameters<pxe::UdpWrite>() = {.destination = to,
                                       .source_port = from,
                                       .destination_port = port,
                                       .buffer_size = static_cast<std::uint16_t>(text.size()),
                                       .buffer = far_pointer(kBuffer)};
        return call(pxe::kUdpWrite);
    }
    Status read(std::uint16_t port, Ipv4Address to = {}, std::uint16_t room = 1500) {
        parameters<pxe::UdpRead>() = {.destination = to,
                                      .destination_port = port,
                                      .buffer_size = room,
                                      .buffer = far_pointer(kBuffer)};
        return call(pxe::kUdpRead);
    }
    std::string received() { return memory.text(kBuffer, parameters<pxe::UdpRead>().buffer_size); }

    util::Owned<UdpSocket> server = UdpSocket::open(b.stack, 69).take();
};

TEST_F(PxeUdpTest, DatagramsGoOutAndComeIn) {
    ASSERT_EQ(write(2070, Ipv4Address(10, 0, 0, 2), 69, "question"), Status::Success);
    settle();
    auto question = server->receive();
    ASSERT_TRUE(question);
    EXPECT_EQ(util::as_text(question->payload.data()), "question");
    EXPECT_EQ(question->from, (Ipv4Endpoint{Ipv4Address(10, 0, 0, 1), 2070}));
    EXPECT_EQ(read(2070), Status::Failure) << "nothing is there yet, and nothing waits";
    ASSERT_TRUE(server->send(question->from, util::as_bytes("answer")).ok());
    settle();
    ASSERT_EQ(read(2070, Ipv4Address(10, 0, 0, 1)), Status::Success);
    EXPECT_EQ(received(), "answer");
    const auto& call = parameters<pxe::UdpRead>();
    EXPECT_EQ(call.source, Ipv4Address(10, 0, 0, 2));
    EXPECT_EQ(call.source_port, 69);
    EXPECT_EQ(call.destination, Ipv4Address(10, 0, 0, 1));
    EXPECT_EQ(call.destination_port, 2070);
}

TEST_F(PxeUdpTest, AReadFindsWhatArrivesDuringIt) {
    ASSERT_EQ(read(5000), Status::Failure);
    ASSERT_TRUE(server->send({Ipv4Address(10, 0, 0, 1), 5000}, util::as_bytes("x")).ok());
    Status status = Status::Failure;
    for (int i = 0; i < 20 && status != Status::Success; ++i) status = read(5000);
    EXPECT_EQ(status, Status::Success);
}

TEST_F(PxeUdpTest, WhatComesForOnePortWaitsWhileAnotherIsAskedFor) {
    ASSERT_EQ(read(5000), Status::Failure);
    ASSERT_EQ(read(5001), Status::Failure);
    ASSERT_TRUE(server->send({Ipv4Address(10, 0, 0, 1), 5000}, util::as_bytes("first")).ok());
    settle();
    EXPECT_EQ(read(5001), Status::Failure);
    EXPECT_EQ(read(5000), Status::Success);
    EXPECT_EQ(received(), "first");
    ASSERT_TRUE(server->send({Ipv4Address(10, 0, 0, 1), 5001}, util::as_bytes("second")).ok());
    settle();
    ASSERT_EQ(read(0), Status::Success) << "any port";
    EXPECT_EQ(parameters<pxe::UdpRead>().destination_port, 5001);
}

TEST_F(PxeUdpTest, WhatWasSentToAnotherAddressIsNotWanted) {
    ASSERT_EQ(read(5000), Status::Failure);
    ASSERT_TRUE(server->send({Ipv4Address(10, 0, 0, 255), 5000}, util::as_bytes("to all")).ok());
    settle();
    EXPECT_EQ(read(5000, Ipv4Address(10, 0, 0, 1)), Status::Failure);
}

TEST_F(PxeUdpTest, BroadcastsGoOutWithoutARoute) {
    a.interface.deconfigure();
    auto dhcp = UdpSocket::open(b.stack, 67).take();
    wire.set_filter([this](host::WireEnd& from, host::Frame& frame) {
        if (&from == &a.end) sent.push_back(frame);
        return true;
    });
    ASSERT_EQ(write(68, Ipv4Address::broadcast(), 67, "discover"), Status::Success);
    settle();
    ASSERT_EQ(sent.size(), 1u);
    EXPECT_EQ(header_at<EthernetHeader>(sent[0], 0).destination, MacAddress::broadcast());
    EXPECT_EQ(header_at<UdpHeader>(sent[0], kTransportAt).destination_port, 67);
}

TEST_F(PxeUdpTest, MorePortsThanThereArePlacesTakeTheOldestOnes) {
    for (std::uint16_t port = 5000; port < 5020; ++port) EXPECT_EQ(read(port), Status::Failure);
    ASSERT_TRUE(server->send({Ipv4Address(10, 0, 0, 1), 5019}, util::as_bytes("x")).ok());
    settle();
    EXPECT_EQ(read(5019), Status::Success);
}

TEST_F(PxeUdpTest, LongDatagramsAreCutAndBadBuffersRefused) {
    ASSERT_EQ(read(5000), Status::Failure);
    for (int i = 0; i < 2; ++i)
        ASSERT_TRUE(server->send({Ipv4Address(10, 0, 0, 1), 5000}, util::as_bytes("0123456789")).ok());
    settle();
    ASSERT_EQ(read(5000, {}, 4), Status::Success);
    EXPECT_EQ(received(), "0123");
    parameters<pxe::UdpRead>() = {.destination_port = 5000, .buffer_size = 100, .buffer = {}};
    EXPECT_EQ(call(pxe::kUdpRead), Status::UndiInvalidParameter);
    parameters<pxe::UdpWrite>() = {.destination = Ipv4Address(10, 0, 0, 2),
                                   .buffer_size = 10,
                                   .buffer = far_pointer(ProgramMemory::kOurs)};
    EXPECT_EQ(call(pxe::kUdpWrite), Status::UndiInvalidParameter);
    EXPECT_NE(write(2070, Ipv4Address(10, 0, 0, 2), 69, std::string(3000, 'x')), Status::Success) << "longer than a packet";
}

}  // namespace
}  // namespace net
