// UNDI calls: raw frames for the program, beside a stack that goes on.
#include "net/transport/tcp.h"
#include "tests/unit/net/pxe_fixture.h"

namespace net {
namespace {

using pxe::Status;

class PxeUndiTest : public PxeFixture {
  protected:
    static constexpr std::uint32_t kDescriptor = 0x9000, kMac = 0x9800;

    Status open(std::uint16_t filter = pxe::kFilterDirected | pxe::kFilterBroadcast) {
        parameters<pxe::UndiOpen>() = {.filter = filter};
        return call(pxe::kUndiOpen);
    }
    Status isr(std::uint16_t flag) {
        parameters<pxe::UndiIsr>() = {.flag = flag};
        return call(pxe::kUndiIsr);
    }
    // As a driver does it: START until there is something, then PROCESS and GET_NEXT to the end.
    std::vector<std::string> events() {
        settle();
        std::vector<std::string> found;
        EXPECT_EQ(isr(pxe::kIsrStart), Status::Success);
        const auto& call = parameters<pxe::UndiIsr>();
        if (call.flag == pxe::kIsrNotOurs) return found;
        for (std::uint16_t flag = pxe::kIsrProcess; isr(flag) == Status::Success; flag = pxe::kIsrGetNext) {
            if (call.flag == pxe::kIsrDone) return found;
            if (call.flag == pxe::kIsrTransmitted) {
                found.push_back("transmitted");
                continue;
            }
            EXPECT_EQ(call.flag, pxe::kIsrReceived);
            EXPECT_EQ(call.buffer_length, call.frame_length);
            EXPECT_EQ(call.header_length, 14);
            found.push_back(memory.text(call.frame.linear(), call.buffer_length));
        }
        ADD_FAILURE();
        return found;
    }
    host::Frame to_us(std::string_view payload = "payload", std::uint16_t port = 7777) {
        return ipv4_frame(a.interface.mac(), ipv4_header(Ipv4Address(10, 0, 0, 1), 17), udp_bytes(67, port, payload));
    }
    static std::string text_of(const host::Frame& frame) { return std::string(util::as_text(frame)); }
    Status transmit(std::string_view frame, std::uint8_t protocol = 0, bool broadcast = false) {
        memory.put(kBuffer, frame);
        memory.at<pxe::TransmitDescriptor>(kDescriptor) = {.immediate_length = static_cast<std::uint16_t>(frame.size()),
                                                           .immediate = far_pointer(kBuffer)};
        parameters<pxe::UndiTransmit>() = {.protocol = protocol,
                                           .to_broadcast = broadcast,
                                           .destination = far_pointer(kMac),
                                           .descriptor = far_pointer(kDescriptor)};
        return call(pxe::kUndiTransmit);
    }
    void record() {
        wire.set_filter([this](host::WireEnd& from, host::Frame& frame) {
            if (&from == &a.end) sent.push_back(frame);
            return true;
        });
    }
};

TEST_F(PxeUndiTest, FramesGoToTheProgramWhileUndiIsOpen) {
    ASSERT_EQ(open(), Status::Success);
    EXPECT_TRUE(events().empty());
    host::Frame frame = to_us(), second = to_us("another");
    a.end.inject(frame);
    a.end.inject(second);
    EXPECT_EQ(events(), (std::vector<std::string>{text_of(frame), text_of(second)}));
    EXPECT_EQ(parameters<pxe::UndiIsr>().flag, pxe::kIsrDone);
    EXPECT_TRUE(events().empty());
}

TEST_F(PxeUndiTest, ItIsSaidWhatAFrameIs) {
    ASSERT_EQ(open(), Status::Success);
    a.end.inject(to_us());
    a.end.inject(arp_frame(MacAddress::broadcast(), {ArpOperation::Request, kPeerMac, kPeer, {}, Ipv4Address(10, 0, 0, 1)}));
    const auto& call = parameters<pxe::UndiIsr>();
    ASSERT_EQ(isr(pxe::kIsrProcess), Status::Success) << "without START: programs that poll do so";
    EXPECT_EQ(call.protocol, pxe::kProtocolIp);
    EXPECT_EQ(call.packet_type, pxe::kPacketDirected);
    ASSERT_EQ(isr(pxe::kIsrGetNext), Status::Success);
    EXPECT_EQ(call.protocol, pxe::kProtocolArp);
    EXPECT_EQ(call.packet_type, pxe::kPacketBroadcast);
}

TEST_F(PxeUndiTest, OurStackIsQuietAboutWhatItDoesNotExpect) {
    ASSERT_EQ(open(), Status::Success);
    record();
    a.end.inject(to_us());  // a closed port of ours
    auto segment = ipv4_frame(a.interface.mac(), ipv4_header(Ipv4Address(10, 0, 0, 1), Tcp::kProtocol), host::Frame(20));
    a.end.inject(segment);
    settle();
    EXPECT_TRUE(sent.empty()) << "no ICMP, no reset";
}

TEST_F(PxeUndiTest, SocketsAndConnectionsOfOursGoOn) {
    auto socket = UdpSocket::open(a.stack, 7777).take();
    ASSERT_EQ(open(), Status::Success);
    a.end.inject(to_us("for us", 7777));
    a.end.inject(to_us("for the program", 7778));
    EXPECT_EQ(events().size(), 1u);
    auto datagram = socket->receive();
    ASSERT_TRUE(datagram);
    EXPECT_EQ(util::as_text(datagram->payload.data()), "for us");
}

TEST_F(PxeUndiTest, ArpIsForBoth) {
    ASSERT_EQ(open(), Status::Success);
    record();
    a.end.inject(arp_frame(MacAddress::broadcast(), {ArpOperation::Request, kPeerMac, kPeer, {}, Ipv4Address(10, 0, 0, 1)}));
    EXPECT_EQ(events().size(), 1u);
    EXPECT_EQ(sent.size(), 1u);
}

TEST_F(PxeUndiTest, ClosedUndiLeavesFramesToOurStack) {
    ASSERT_EQ(open(), Status::Success);
    ASSERT_EQ(call(pxe::kUndiClose), Status::Success);
    EXPECT_EQ(isr(pxe::kIsrStart), Status::UndiInvalidState);
    EXPECT_EQ(transmit(std::string(60, 'x')), Status::UndiInvalidState);
    auto socket = UdpSocket::open(a.stack, 7777).take();
    a.end.inject(to_us());
    settle();
    EXPECT_TRUE(socket->has_datagram());
}

TEST_F(PxeUndiTest, TheInterfaceIsAsBeforeOnceTheProgramIsGone) {
    ASSERT_EQ(open(), Status::Success);
    a.end.inject(to_us());
    settle();
    api.reset();
    EXPECT_EQ(&a.interface.link(), &a.end);
    EXPECT_EQ(a.packets.pool().available(), a.packets.pool().total());
}

TEST_F(PxeUndiTest, AWholeFrameIsSentAsItIs) {
    ASSERT_EQ(open(), Status::Success);
    record();
    std::string frame(60, 'f');
    ASSERT_EQ(transmit(frame), Status::Success);
    settle();
    ASSERT_EQ(sent.size(), 1u);
    EXPECT_EQ(text_of(sent[0]), frame);
    EXPECT_EQ(events(), std::vector<std::string>{"transmitted"});
}

TEST_F(PxeUndiTest, AHeaderIsPutInFrontWhenAProtocolIsNamed) {
    ASSERT_EQ(open(), Status::Success);
    record();
    memory.at<MacAddress>(kMac) = kPeerMac;
    ASSERT_EQ(transmit("an IP packet", pxe::kProtocolIp), Status::Success);
    ASSERT_EQ(transmit("an ARP packet", pxe::kProtocolArp, true), Status::Success);
    settle();
    ASSERT_EQ(sent.size(), 2u);
    EXPECT_EQ(header_at<EthernetHeader>(sent[0], 0).destination, kPeerMac);
    EXPECT_EQ(header_at<EthernetHeader>(sent[0], 0).source, a.interface.mac());
    EXPECT_EQ(header_at<EthernetHeader>(sent[0], 0).type, ether_type::kIpv4);
    EXPECT_EQ(text_of(sent[0]).substr(14, 12), "an IP packet");
    EXPECT_EQ(header_at<EthernetHeader>(sent[1], 0).destination, MacAddress::broadcast());
    EXPECT_EQ(header_at<EthernetHeader>(sent[1], 0).type, ether_type::kArp);
    EXPECT_EQ(transmit("what is this", 9), Status::UndiInvalidParameter);
}

TEST_F(PxeUndiTest, AFrameIsGatheredFromItsBlocks) {
    ASSERT_EQ(open(), Status::Success);
    record();
    memory.put(0xa000, "immediate data.");
    memory.put(0xb000, "far block......");
    memory.put(0xc000, "physical block.");
    auto& descriptor = memory.at<pxe::TransmitDescriptor>(kDescriptor);
    descriptor = {.immediate_length = 15, .immediate = far_pointer(0xa000), .block_count = 2};
    descriptor.blocks[0] = {.pointer_type = 1, .length = 15, .pointer = far_pointer(0xb000)};
    descriptor.blocks[1] = {.pointer_type = 0, .length = 15, .pointer = {0xc000, 0}};
    parameters<pxe::UndiTransmit>() = {.descriptor = far_pointer(kDescriptor)};
    ASSERT_EQ(call(pxe::kUndiTransmit), Status::Success);
    settle();
    ASSERT_EQ(sent.size(), 1u);
    EXPECT_EQ(text_of(sent[0]).substr(0, 45), "immediate data.far block......physical block.");
}

TEST_F(PxeUndiTest, NonsenseIsNotSent) {
    ASSERT_EQ(open(), Status::Success);
    record();
    EXPECT_EQ(transmit(""), Status::UndiInvalidParameter);
    EXPECT_EQ(transmit(std::string(1600, 'x')), Status::UndiInvalidParameter);
    EXPECT_EQ(transmit(std::string(5000, 'x')), Status::UndiInvalidParameter);
    memory.at<pxe::TransmitDescriptor>(kDescriptor) = {.immediate_length = 60, .immediate = {}};
    EXPECT_EQ(call(pxe::kUndiTransmit), Status::UndiInvalidParameter);
    memory.at<pxe::TransmitDescriptor>(kDescriptor) = {.block_count = 9};
    EXPECT_EQ(call(pxe::kUndiTransmit), Status::UndiInvalidParameter);
    parameters<pxe::UndiTransmit>() = {.descriptor = {}};
    EXPECT_EQ(call(pxe::kUndiTransmit), Status::UndiInvalidParameter);
    settle();
    EXPECT_TRUE(sent.empty());
}

TEST_F(PxeUndiTest, MulticastIsWantedWhenItIsListed) {
    const MacAddress group{{1, 0, 0x5e, 0, 0, 0xfb}};
    host::Frame frame = to_us();
    std::memcpy(frame.data(), &group, 6);
    ASSERT_EQ(open(), Status::Success);
    a.end.inject(frame);
    EXPECT_TRUE(events().empty());
    auto& list = parameters<pxe::UndiSetMulticast>();
    list = {};
    list.multicast.count = 1;
    std::memcpy(list.multicast.addresses[0].bytes, &group, 6);
    ASSERT_EQ(call(pxe::kUndiSetMulticastAddress), Status::Success);
    a.end.inject(frame);
    EXPECT_EQ(events().size(), 1u);
    list.multicast.count = 0xffff;
    ASSERT_EQ(call(pxe::kUndiSetMulticastAddress), Status::Success);
    a.end.inject(frame);
    settle();
}

TEST_F(PxeUndiTest, AProgramThatDoesNotLookLosesFramesAndNothingElse) {
    ASSERT_EQ(open(), Status::Success);
    for (int i = 0; i < 200; ++i) {
        a.end.inject(to_us());
        settle();
    }
    ASSERT_EQ(call(pxe::kUndiGetStatistics), Status::Success);
    EXPECT_EQ(parameters<pxe::UndiGetStatistics>().received, PxeLink::kQueue);
    EXPECT_EQ(parameters<pxe::UndiGetStatistics>().out_of_resources, 200 - PxeLink::kQueue);
    ASSERT_EQ(call(pxe::kUndiClearStatistics), Status::Success);
    ASSERT_EQ(call(pxe::kUndiGetStatistics), Status::Success);
    EXPECT_EQ(parameters<pxe::UndiGetStatistics>().received, 0u);
}

TEST_F(PxeUndiTest, ShutDownClosesTheNicAndOpeningOpensIt) {
    ASSERT_EQ(open(), Status::Success);
    ASSERT_EQ(call(pxe::kUndiShutdown), Status::Success);
    EXPECT_FALSE(a.interface.is_open());
    ASSERT_EQ(call(pxe::kUndiInitialize), Status::Success);
    EXPECT_TRUE(a.interface.is_open());
}

TEST_F(PxeUndiTest, WhatTheNicIsIsSaid) {
    ASSERT_EQ(call(pxe::kUndiGetInformation), Status::Success);
    const auto& information = parameters<pxe::UndiGetInformation>();
    EXPECT_EQ(information.mtu, 1500);
    EXPECT_EQ(information.hardware_type, 1);
    EXPECT_EQ(information.address_length, 6);
    EXPECT_EQ(information.interrupt, 0) << "polled";
    MacAddress mac = a.interface.mac();
    EXPECT_EQ(std::memcmp(information.current.bytes, &mac, 6), 0);
    EXPECT_EQ(std::memcmp(information.permanent.bytes, &mac, 6), 0);

    ASSERT_EQ(call(pxe::kUndiGetIfaceInfo), Status::Success);
    const auto& iface = parameters<pxe::UndiGetIfaceInfo>();
    EXPECT_STREQ(iface.type, "DIX+802.3");
    EXPECT_EQ(iface.services & 0x1000, 0u) << "no interrupts";
    EXPECT_GE(iface.speed, 10000000u);

    ASSERT_EQ(call(pxe::kUndiGetNicType), Status::Success);
    EXPECT_EQ(parameters<pxe::UndiGetNicType>().type, pxe::kNicPnp) << "a wire is no PCI device";

    parameters<pxe::UndiGetMulticastAddress>() = {.group = Ipv4Address(239, 129, 2, 3)};
    ASSERT_EQ(call(pxe::kUndiGetMulticastAddress), Status::Success);
    const std::uint8_t expected[] = {1, 0, 0x5e, 1, 2, 3};
    EXPECT_EQ(std::memcmp(parameters<pxe::UndiGetMulticastAddress>().address.bytes, expected, 6), 0);
}

TEST_F(PxeUndiTest, TheAddressIsTheNicsOwn) {
    MacAddress mac = a.interface.mac();
    parameters<pxe::UndiSetStationAddress>() = {};
    std::memcpy(parameters<pxe::UndiSetStationAddress>().address.bytes, &mac, 6);
    EXPECT_EQ(call(pxe::kUndiSetStationAddress), Status::Success);
    parameters<pxe::UndiSetStationAddress>().address.bytes[5] ^= 1;
    EXPECT_EQ(call(pxe::kUndiSetStationAddress), Status::Unsupported);
    EXPECT_EQ(call(pxe::kUndiInitiateDiags), Status::Unsupported);
    EXPECT_EQ(call(pxe::kUndiForceInterrupt), Status::Unsupported);
}

}  // namespace
}  // namespace net
