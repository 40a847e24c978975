// TCP headers and options, as they are written and as hostile peers write them.
#include <gtest/gtest.h>

#include "net/wire/tcp.h"
#include "tests/unit/net/tcp_peer.h"

namespace net {

class TcpWire : public testing::Test {
  protected:
    TcpPeer memory{4};

    Packet packet_of(std::initializer_list<int> options, std::string_view payload = "") {
        Packet packet = memory.packets().allocate();
        TcpHeader header{};
        std::size_t padded = (options.size() + 3) / 4 * 4;
        header.data_offset = static_cast<std::uint8_t>((20 + padded) / 4 << 4);
        util::Writer writer(packet.append(20 + padded + payload.size()));
        writer.put_struct(header);
        for (int option : options) writer.u8(static_cast<std::uint8_t>(option));
        writer.zeros(padded - options.size());
        writer.text(payload);
        return packet;
    }
    TcpSegment parse(std::initializer_list<int> options) {
        Packet packet = packet_of(options, "data");
        auto segment = parse_tcp(packet);
        EXPECT_TRUE(segment);
        EXPECT_EQ(util::as_text(packet.data()), "data");
        return segment.value_or(TcpSegment{});
    }
    TcpSegment round_trip(const TcpSegment& segment) {
        Packet packet = memory.packets().allocate();
        EXPECT_TRUE(emit_tcp(segment, packet));
        return parse_tcp(packet).value_or(TcpSegment{});
    }
};

TEST_F(TcpWire, HeadersSurviveARoundTrip) {
    TcpSegment segment;
    segment.source_port = 51234;
    segment.destination_port = 3260;
    segment.sequence = TcpSequence(0xfffffff0);
    segment.acknowledgment = TcpSequence(0x12345678);
    segment.control = tcp_control::kAck | tcp_control::kPsh;
    segment.window = 0xabcd;
    TcpSegment back = round_trip(segment);
    EXPECT_EQ(back.source_port, 51234);
    EXPECT_EQ(back.destination_port, 3260);
    EXPECT_EQ(back.sequence, segment.sequence);
    EXPECT_EQ(back.acknowledgment, segment.acknowledgment);
    EXPECT_EQ(back.control, segment.control);
    EXPECT_EQ(back.window, segment.window);
    EXPECT_FALSE(back.mss || back.window_shift || back.sack_permitted || back.timestamps);
    EXPECT_EQ(back.sack_count, 0);
}

TEST_F(TcpWire, OptionsOfASynSurviveARoundTrip) {
    TcpSegment segment;
    segment.mss = 1460;
    segment.window_shift = 7;
    segment.sack_permitted = true;
    segment.timestamps = TcpTimestamps{0xdeadbeef, 0};
    TcpSegment back = round_trip(segment);
    EXPECT_EQ(back.mss, 1460);
    EXPECT_EQ(back.window_shift, 7);
    EXPECT_TRUE(back.sack_permitted);
    EXPECT_EQ(back.timestamps->value, 0xdeadbeefu);
}

TEST_F(TcpWire, ThreeBlocksFitBesideTimestampsAndFourWithoutThem) {
    TcpSegment segment;
    segment.sack_count = 4;
    for (std::uint32_t i = 0; i < 4; ++i) segment.sack_blocks[i] = {TcpSequence(i * 100), TcpSequence(i * 100 + 50)};
    EXPECT_EQ(round_trip(segment).sack_count, 4);
    segment.timestamps = TcpTimestamps{1, 2};
    TcpSegment back = round_trip(segment);
    EXPECT_EQ(back.sack_count, 3);
    EXPECT_EQ(back.sack_blocks[2].end, TcpSequence(250));
    EXPECT_EQ(back.timestamps->echo, 2u);
}

TEST_F(TcpWire, AHeaderThatIsCutOffIsNone) {
    for (std::size_t size = 0; size < 20; ++size) {
        Packet packet = packet_of({});
        packet.trim_to(size);
        EXPECT_FALSE(parse_tcp(packet)) << size;
    }
}

TEST_F(TcpWire, ADataOffsetBelowTheHeaderOrBehindThePacketIsMalformed) {
    for (unsigned words = 0; words < 16; ++words) {
        Packet packet = packet_of({});
        packet.data()[12] = static_cast<std::byte>(words << 4);
        EXPECT_EQ(parse_tcp(packet).has_value(), words == 5) << words;
    }
}

TEST_F(TcpWire, TimestampsAreFoundInTheUsualPlaceAndAnywhere) {
    EXPECT_EQ(parse({1, 1, 8, 10, 0, 0, 0, 5, 0, 0, 0, 6}).timestamps->value, 5u);
    EXPECT_EQ(parse({8, 10, 0, 0, 0, 5, 0, 0, 0, 6, 1, 1}).timestamps->echo, 6u);
    EXPECT_EQ(parse({4, 2, 8, 10, 0, 0, 0, 5, 0, 0, 0, 6}).timestamps->echo, 6u);
}

TEST_F(TcpWire, UnknownOptionsAreSkipped) {
    TcpSegment segment = parse({254, 4, 9, 9, 2, 4, 5, 0xb4});
    EXPECT_EQ(segment.mss, 1460);
}

TEST_F(TcpWire, NothingIsReadBehindTheEndOfOptions) { EXPECT_FALSE(parse({0, 2, 4, 5, 0xb4}).mss); }

TEST_F(TcpWire, AnOptionLengthOfZeroOrOneEndsTheReading) {
    EXPECT_FALSE(parse({254, 0, 2, 4, 5, 0xb4}).mss);
    EXPECT_FALSE(parse({254, 1, 2, 4, 5, 0xb4}).mss);
}

TEST_F(TcpWire, AnOptionThatReachesBehindTheHeaderIsNotRead) {
    EXPECT_FALSE(parse({2, 8, 5, 0xb4}).mss);
    EXPECT_FALSE(parse({1, 1, 1, 2}).mss);
    EXPECT_FALSE(parse({8, 255, 0, 0, 0, 5, 0, 0, 0, 6, 1, 1}).timestamps);
}

TEST_F(TcpWire, OptionsOfTheWrongLengthAreIgnored) {
    TcpSegment segment = parse({2, 3, 5, 3, 4, 1, 1, 4, 3, 1, 8, 9, 0, 0, 0, 5, 0, 0, 0});
    EXPECT_FALSE(segment.mss || segment.window_shift || segment.sack_permitted || segment.timestamps);
}

TEST_F(TcpWire, AWindowShiftAboveFourteenCountsAsFourteen) { EXPECT_EQ(parse({3, 3, 255}).window_shift, 14); }

TEST_F(TcpWire, SackBlocksThatEndBeforeTheyBeginAreIgnored) {
    TcpSegment segment = parse({5, 18, 0, 0, 0, 9, 0, 0, 0, 9, 0, 0, 0, 5, 0, 0, 0, 9});
    ASSERT_EQ(segment.sack_count, 1);
    EXPECT_EQ(segment.sack_blocks[0].begin, TcpSequence(5));
}

TEST_F(TcpWire, ASackOptionOfAnOddLengthYieldsItsWholeBlocks) {
    EXPECT_EQ(parse({5, 14, 0, 0, 0, 1, 0, 0, 0, 9, 0, 0, 0, 5}).sack_count, 1);
}

TEST_F(TcpWire, MoreSackOptionsThanFitAreIgnored) {
    EXPECT_EQ(parse({5, 34, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 5, 0, 0, 0, 6, 0, 0, 0, 7, 0, 0, 0, 8}).sack_count, 4);
}

TEST_F(TcpWire, NothingIsWrittenWhereThereIsNoHeadroom) {
    Packet packet = memory.packets().allocate(10);
    EXPECT_FALSE(emit_tcp(TcpSegment{}, packet));
    EXPECT_EQ(packet.size(), 0u);
}

}  // namespace net
