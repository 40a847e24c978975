// The full feature phase: data both ways, windows, pings, and targets that break the rules.
#include "tests/unit/san/iscsi_fixture.h"

namespace {

using fake::Connection;
using fake::Pdu;
using san::IscsiOpcode;
using util::Duration;

class IscsiSession : public fake::IscsiTest {
  protected:
    std::vector<Pdu> received(IscsiOpcode opcode) const {
        std::vector<Pdu> all;
        for (const Pdu& pdu : target.received)
            if (pdu.opcode() == opcode) all.push_back(pdu);
        return all;
    }
    // Writes, and says how each part of the data came.
    struct Parts {
        std::size_t immediate = 0, unsolicited = 0, solicited = 0, largest = 0;
    };
    Parts write_parts(std::size_t size) {
        target.received.clear();
        expect_writes(size);
        Parts parts;
        for (const Pdu& pdu : received(IscsiOpcode::ScsiCommand)) parts.immediate += pdu.data.size();
        for (const Pdu& pdu : received(IscsiOpcode::DataOut)) {
            bool asked = pdu.as<san::DataOutHeader>().target_transfer_tag != san::kReservedTag;
            (asked ? parts.solicited : parts.unsolicited) += pdu.data.size();
            parts.largest = std::max(parts.largest, pdu.data.size());
        }
        return parts;
    }
    // A read during which the first Data-In PDU is changed; the target behaves from then on. It must recover.
    void expect_recovery(std::function<void(Connection&, Pdu&)> change, IscsiOpcode opcode = IscsiOpcode::DataIn) {
        open();
        bool changed = false;
        target.on_send = [&changed, change, opcode](Connection& connection, Pdu& pdu) {
            if (pdu.opcode() == opcode && !std::exchange(changed, true)) change(connection, pdu);
            return false;
        };
        expect_reads();
        EXPECT_TRUE(changed);
        EXPECT_EQ(device->generation(), 1u) << "a broken rule ends the session";
    }
    // Breaks the same rule every time: the request must fail, with that failure.
    void expect_failure(std::function<void(Pdu&)> change, const util::Failure& wanted) {
        open();
        target.on_send = [change](Connection& connection, Pdu& pdu) {
            if (pdu.opcode() == IscsiOpcode::DataIn && connection.full_feature && pdu.data.size() > 600) change(pdu);
            return false;
        };
        std::vector<std::byte> data(65024);
        EXPECT_FALSE(run(Operation::Read, 0, data));
        EXPECT_EQ(failure, &wanted) << failure->text;
        EXPECT_NE(std::string(device->diagnosis().what.view()).find(wanted.text), std::string::npos);
    }
};

TEST_F(IscsiSession, ReadsInManyDataInPdus) {
    open();
    for (std::size_t piece : {512u, 8192u, 65536u, 262144u}) {
        target.data_in_size = piece;
        for (bool with_data : {true, false}) {
            target.status_in_data = with_data;
            std::vector<std::byte> data(262144);
            EXPECT_TRUE(run(Operation::Read, 9, data));
            EXPECT_EQ(data, disk(9, data.size()));
        }
    }
    EXPECT_EQ(device->generation(), 0u);
}

TEST_F(IscsiSession, ReadsSegmentsThatNeedPadding) {
    open();
    target.data_in_size = 1021;
    expect_reads();
}

TEST_F(IscsiSession, SendsImmediateDataUpToTheTargetsSegment) {
    target.max_recv = 16384;
    open();
    auto parts = write_parts(65024);
    EXPECT_EQ(parts.immediate, 16384u);
    EXPECT_EQ(parts.unsolicited, 0u);
    EXPECT_EQ(parts.solicited, 65024u - 16384);
    EXPECT_EQ(parts.largest, 16384u);
}

TEST_F(IscsiSession, SendsUnsolicitedDataUpToTheFirstBurst) {
    target.initial_r2t = false;
    target.first_burst = 32768;
    open();
    auto parts = write_parts(65024);
    EXPECT_EQ(parts.immediate, 8192u);
    EXPECT_EQ(parts.unsolicited, 32768u - 8192);
    EXPECT_EQ(parts.solicited, 65024u - 32768);
}

TEST_F(IscsiSession, SendsASmallWriteWholeWithItsCommand) {
    open();
    auto parts = write_parts(4096);
    EXPECT_EQ(parts.immediate, 4096u);
    EXPECT_EQ(target.count(IscsiOpcode::DataOut), 0u);
}

TEST_F(IscsiSession, WaitsForR2tWhenTheTargetWantsIt) {
    target.immediate_data = false;
    target.max_burst = 16384;
    open();
    auto parts = write_parts(65024);
    EXPECT_EQ(parts.immediate + parts.unsolicited, 0u);
    EXPECT_EQ(parts.solicited, 65024u);
    EXPECT_EQ(device->generation(), 0u);
}

TEST_F(IscsiSession, SendsDataOutAsLargeAsTheTargetTakes) {
    target.immediate_data = false;
    target.max_recv = 262144;
    open();
    EXPECT_EQ(write_parts(262144).largest, 262144u);
}

TEST_F(IscsiSession, KeepsManyCommandsInFlight) {
    open();
    target.hang = true;
    std::vector<std::byte> data[40];
    san::BlockRequest requests[40];
    for (std::size_t i = 0; i < 40; ++i) {
        data[i].resize(4096);
        start(requests[i], Operation::Read, i * 8, data[i]);
    }
    sleep(10);
    target.hang = false;
    target.received.clear();
    loop.poll_once();
    EXPECT_EQ(target.count(IscsiOpcode::ScsiCommand), 32u);
    for (std::size_t i = 0; i < 40; ++i) {
        EXPECT_EQ(wait(requests[i]), State::Done);
        EXPECT_EQ(data[i], disk(i * 8, 4096));
    }
}

TEST_F(IscsiSession, NeverSendsBeyondTheCommandWindow) {
    target.command_window = 2;
    open();
    target.on_pdu = [&](Connection&, const Pdu& pdu) { return pdu.opcode() == IscsiOpcode::ScsiCommand; };
    std::vector<std::byte> data[8];
    san::BlockRequest requests[8];
    target.received.clear();
    for (std::size_t i = 0; i < 8; ++i) {
        data[i].resize(512);
        start(requests[i], Operation::Read, i, data[i]);
    }
    sleep(100);
    EXPECT_EQ(target.count(IscsiOpcode::ScsiCommand), 2u);
    target.on_pdu = nullptr;
    target.drop();
    for (auto& request : requests) EXPECT_EQ(wait(request), State::Done);
}

TEST_F(IscsiSession, AsksATargetWhoseWindowIsClosed) {
    target.command_window = 1;
    open();
    target.command_window = 0;
    expect_reads();
    target.received.clear();
    std::vector<std::byte> data(512);
    san::BlockRequest request;
    start(request, Operation::Read, 0, data);
    sleep(12000);
    EXPECT_EQ(request.state, State::Pending);
    EXPECT_EQ(target.count(IscsiOpcode::NopOut), 2u);
    EXPECT_EQ(target.count(IscsiOpcode::ScsiCommand), 0u);
    target.command_window = 32;
    EXPECT_EQ(wait(request, 10), State::Done);
    EXPECT_EQ(device->generation(), 0u);
}

TEST_F(IscsiSession, StartsAnewWhenTheWindowStaysClosed) {
    target.command_window = 1;
    open();
    target.command_window = 0;
    expect_reads();
    target.on_pdu = [&](Connection&, const Pdu& pdu) {
        if (pdu.opcode() == IscsiOpcode::LoginRequest) target.command_window = 32;
        return false;
    };
    std::vector<std::byte> data(512);
    san::BlockRequest request;
    start(request, Operation::Read, 0, data);
    EXPECT_EQ(wait(request, 45), State::Done);
    EXPECT_EQ(device->generation(), 1u);
}

TEST_F(IscsiSession, FailsWhenNoSessionOpensItsWindow) {
    target.command_window = 1;
    open();
    target.command_window = 0;
    expect_reads();
    std::vector<std::byte> data(512);
    san::BlockRequest request;
    start(request, Operation::Read, 0, data);
    EXPECT_EQ(wait(request, 150), State::Failed);
    EXPECT_EQ(request.failure, &san::kNoMoreCommands);
    EXPECT_EQ(try_open(), &san::kNoMoreCommands);
    EXPECT_NE(why().find("takes no more commands"), std::string::npos) << why();
}

TEST_F(IscsiSession, WaitsForASlowCommandThatFillsTheWindow) {
    target.command_window = 1;
    open();
    unsigned held = 0;
    target.on_pdu = [&](Connection& connection, const Pdu& pdu) {
        if (pdu.opcode() != IscsiOpcode::ScsiCommand) return false;
        if (++held > 1) return false;
        connection.exp_cmd_sn -= 1;  // not taken yet: the window does not move
        return true;
    };
    std::vector<std::byte> data[2] = {std::vector<std::byte>(512), std::vector<std::byte>(512)};
    san::BlockRequest requests[2];
    for (std::size_t i = 0; i < 2; ++i) start(requests[i], Operation::Read, i, data[i]);
    sleep(50000);
    EXPECT_EQ(device->generation(), 0u);
    EXPECT_EQ(held, 1u);
    for (auto& request : requests) EXPECT_EQ(wait(request), State::Done);
    EXPECT_EQ(device->generation(), 1u) << "that one was never answered";
}

TEST_F(IscsiSession, NumbersCommandsWithoutGapsAcrossTheWrapOfStatSn) {
    target.on_pdu = [&](Connection& connection, const Pdu& pdu) {
        if (pdu.opcode() == IscsiOpcode::LoginRequest && connection.keys.empty()) connection.stat_sn = 0xfffffffa;
        return false;
    };
    open();
    for (int i = 0; i < 10; ++i) expect_reads();
    std::uint32_t next = received(IscsiOpcode::ScsiCommand)[0].as<san::ScsiCommandHeader>().cmd_sn;
    for (const Pdu& pdu : received(IscsiOpcode::ScsiCommand)) EXPECT_EQ(pdu.as<san::ScsiCommandHeader>().cmd_sn, next++);
    EXPECT_LT(received(IscsiOpcode::ScsiCommand).back().as<san::ScsiCommandHeader>().exp_stat_sn, 100u);
    EXPECT_EQ(device->generation(), 0u);
}

TEST_F(IscsiSession, AnswersPingsWithTheirTagsAndNothingElse) {
    open();
    Connection& connection = *target.current();
    san::NopInHeader ping;
    ping.target_transfer_tag = 0x1234;
    ping.lun.bytes[1] = 1;
    connection.reply(ping, {}, Connection::Status::Without);
    san::NopInHeader no_answer_wanted;
    connection.reply(no_answer_wanted, {}, Connection::Status::Without);
    target.received.clear();
    sleep(100);
    auto answers = received(IscsiOpcode::NopOut);
    ASSERT_EQ(answers.size(), 1u);
    auto answer = answers[0].as<san::NopOutHeader>();
    EXPECT_EQ(answer.target_transfer_tag, 0x1234u);
    EXPECT_EQ(answer.initiator_task_tag, san::kReservedTag);
    EXPECT_EQ(answer.lun, ping.lun);
    EXPECT_EQ(answer.exp_stat_sn, connection.stat_sn) << "an unasked NOP-In does not move StatSN";
    EXPECT_TRUE(answers[0].data.empty());
}

TEST_F(IscsiSession, SurvivesAFloodOfPings) {
    open();
    san::NopInHeader ping;
    for (std::uint32_t i = 0; i < 1000; ++i) {
        ping.target_transfer_tag = i;
        target.current()->reply(ping, std::string(100, 'x'), Connection::Status::Without);
    }
    expect_reads();
    EXPECT_EQ(device->generation(), 0u);
}

TEST_F(IscsiSession, LogsOutAndInAgainWhenTheTargetAsks) {
    open();
    san::AsyncMessageHeader message;
    message.async_event = 1;
    message.parameter3 = 10;
    target.current()->reply(message);
    expect_reads();
    EXPECT_EQ(target.count(IscsiOpcode::LogoutRequest), 1u);
    EXPECT_EQ(target.connects.size(), 2u);
    EXPECT_EQ(device->generation(), 1u);
}

TEST_F(IscsiSession, ComesBackAfterTime2WaitWhenTheTargetDropsIt) {
    for (std::uint8_t event : {2, 3}) {
        target.connects.clear();
        open();
        san::AsyncMessageHeader message;
        message.async_event = event;
        message.parameter2 = 3;
        target.current()->reply(message);
        sleep(2500);
        EXPECT_EQ(target.connects.size(), 1u);
        sleep(1000);
        EXPECT_EQ(target.connects.size(), 2u);
        expect_reads();
    }
}

TEST_F(IscsiSession, RenegotiatesWhenTheTargetAsks) {
    open();
    target.on_pdu = [](Connection& connection, const Pdu& pdu) {
        if (pdu.opcode() != IscsiOpcode::TextRequest) return false;
        san::LogoutResponseHeader header;  // the same places for tag and numbers
        header.opcode = san::opcode_byte(IscsiOpcode::TextResponse);
        header.initiator_task_tag = pdu.header.initiator_task_tag;
        connection.reply(header, std::string("MaxRecvDataSegmentLength=4096\0", 30));
        return true;
    };
    san::AsyncMessageHeader message;
    message.async_event = 4;
    target.current()->reply(message);
    sleep(10);
    EXPECT_EQ(target.count(IscsiOpcode::TextRequest), 1u);
    target.max_recv = 4096;
    EXPECT_EQ(write_parts(65024).largest, 4096u);
}

TEST_F(IscsiSession, LetsOtherAsyncMessagesPass) {
    open();
    for (std::uint8_t event : {0, 255, 77}) {
        san::AsyncMessageHeader message;
        message.async_event = event;
        target.current()->reply(message, std::string(20, '\0'));
    }
    expect_reads();
    EXPECT_EQ(device->generation(), 0u);
}

TEST_F(IscsiSession, StartsAnewAfterAReject) {
    for (std::uint8_t reason : {0x02, 0x04, 0x05, 0x06, 0x09, 0x0c, 0xee}) {
        target.on_pdu = nullptr;
        open();
        bool rejected = false;
        target.on_pdu = [&](Connection& connection, const Pdu& pdu) {
            if (pdu.opcode() != IscsiOpcode::ScsiCommand || std::exchange(rejected, true)) return false;
            san::RejectHeader header;
            header.reason = reason;
            connection.reply(header, std::string(reinterpret_cast<const char*>(&pdu.header), 48));
            return true;
        };
        expect_reads();
        EXPECT_EQ(device->generation(), 1u);
    }
}

TEST_F(IscsiSession, SaysWhyTheTargetRejects) {
    open();
    target.on_pdu = [&](Connection& connection, const Pdu& pdu) {
        if (pdu.opcode() != IscsiOpcode::ScsiCommand || pdu.as<san::ScsiCommandHeader>().cdb[0] != 0x28) return false;
        san::RejectHeader header;
        header.reason = 0x09;
        connection.reply(header, std::string(reinterpret_cast<const char*>(&pdu.header), 48));
        return true;
    };
    std::vector<std::byte> data(512);
    EXPECT_FALSE(run(Operation::Read, 0, data));
    EXPECT_EQ(failure, &san::kPduRejected);
    EXPECT_NE(std::string(device->diagnosis().what.view()).find("invalid PDU field"), std::string::npos);
}

TEST_F(IscsiSession, TakesARejectedPingForALifeSign) {
    open();
    target.on_pdu = [&](Connection& connection, const Pdu& pdu) {
        if (pdu.opcode() != IscsiOpcode::NopOut) return false;
        connection.reply(san::RejectHeader{}, std::string(reinterpret_cast<const char*>(&pdu.header), 48));
        return true;
    };
    sleep(60000);
    EXPECT_GT(target.count(IscsiOpcode::NopOut), 0u);
    EXPECT_EQ(device->generation(), 0u);
}

TEST_F(IscsiSession, PingsASilentTargetAndLeavesADeadOne) {
    open();
    sleep(25000);
    EXPECT_EQ(target.count(IscsiOpcode::NopOut), 1u);
    EXPECT_EQ(device->generation(), 0u);
    target.hang = true;
    std::vector<std::byte> data(512);
    san::BlockRequest request;
    start(request, Operation::Read, 0, data);
    sleep(17000);
    EXPECT_TRUE(device->reconnecting());
    target.drop();
    target.hang = false;
    EXPECT_EQ(wait(request), State::Done);
}

TEST_F(IscsiSession, IsQuietWhenTheSystemTakesOver) {
    open();
    EXPECT_TRUE(device->quiet());
    device->quiesce();
    target.received.clear();
    host::advance(Duration::seconds(100));
    loop.poll_once();
    loop.poll_once();
    EXPECT_TRUE(target.received.empty());
    target.drop();
    loop.poll_once();
    loop.poll_once();
    EXPECT_EQ(target.connects.size(), 1u) << "it stays away until it is needed";
    expect_reads();
}

TEST_F(IscsiSession, GapsBetweenPollsAreNoSilence) {
    open();
    std::vector<std::byte> data(4096);
    san::BlockRequest request;
    start(request, Operation::Read, 0, data);
    loop.poll_once();
    host::advance(Duration::seconds(3600));
    EXPECT_EQ(wait(request), State::Done);
    EXPECT_EQ(device->generation(), 0u);
}

TEST_F(IscsiSession, StartsAnewWhenACommandIsNeverAnswered) {
    open();
    bool swallowed = false;
    target.on_pdu = [&](Connection&, const Pdu& pdu) {
        return pdu.opcode() == IscsiOpcode::ScsiCommand && !std::exchange(swallowed, true);
    };
    std::vector<std::byte> data(4096);
    EXPECT_TRUE(run(Operation::Read, 0, data));
    EXPECT_EQ(device->generation(), 1u);
    EXPECT_GE(loop.now().us(), Duration::seconds(60).us());
}

TEST_F(IscsiSession, RecoversFromDataOutOfOrder) {
    expect_recovery([](Connection&, Pdu& pdu) {
        pdu.edit<san::DataInHeader>([](auto& header) { header.data_sn = 1; });
    });
}

TEST_F(IscsiSession, RecoversFromDataAtAWrongPlace) {
    expect_recovery([](Connection&, Pdu& pdu) {
        pdu.edit<san::DataInHeader>([](auto& header) { header.buffer_offset = 512; });
    });
}

TEST_F(IscsiSession, RecoversFromAnUnknownTaskTag) {
    expect_recovery([](Connection&, Pdu& pdu) { pdu.header.initiator_task_tag = 0x00badbad; });
}

TEST_F(IscsiSession, RecoversFromAnUnknownOpcode) {
    expect_recovery([](Connection&, Pdu& pdu) { pdu.header.opcode = 0x3a; });
}

TEST_F(IscsiSession, RecoversFromAnInitiatorOpcode) {
    expect_recovery([](Connection&, Pdu& pdu) { pdu.header.opcode = 0x01; });
}

TEST_F(IscsiSession, RecoversFromATruncatedPdu) {
    expect_recovery([](Connection& connection, Pdu& pdu) {
        connection.send_raw(std::string(reinterpret_cast<const char*>(&pdu.header), 30));
        connection.close();
    });
}

TEST_F(IscsiSession, RecoversFromALogoutResponseOutOfTheBlue) {
    expect_recovery([](Connection&, Pdu& pdu) { pdu.header.opcode = 0x26; });
}

TEST_F(IscsiSession, SkipsAdditionalHeaders) {
    open();
    target.on_send = [](Connection& connection, Pdu& pdu) {
        if (pdu.opcode() != IscsiOpcode::DataIn) return false;
        pdu.header.total_ahs_length = 2;
        pdu.header.data_segment_length = san::Be24(static_cast<std::uint32_t>(pdu.data.size()));
        connection.send_raw(std::string(reinterpret_cast<const char*>(&pdu.header), 48) + "AHS AHS " + pdu.data);
        return true;
    };
    expect_reads();
}

TEST_F(IscsiSession, FailsWhenTheTargetSendsMoreThanAsked) {
    expect_failure([](Pdu& pdu) { pdu.data.resize(262144); }, san::kDataOutOfOrder);
}

TEST_F(IscsiSession, FailsWhenASegmentIsLongerThanDeclared) {
    expect_failure([](Pdu& pdu) { pdu.data.resize(262145); }, san::kSegmentTooLong);
}

TEST_F(IscsiSession, FailsWhenAReadStaysShort) {
    open();
    target.on_command = [](const san::ScsiCommandHeader& command) -> std::optional<fake::ScsiAnswer> {
        if (command.cdb[0] != 0x28) return std::nullopt;
        return fake::ScsiAnswer{0, {}, std::string(1000, 'x')};
    };
    std::vector<std::byte> data(4096);
    EXPECT_FALSE(run(Operation::Read, 0, data));
    EXPECT_EQ(failure, &san::kShortTransfer);
    EXPECT_EQ(device->generation(), 0u);
}

TEST_F(IscsiSession, DropsASessionWithADamagedDigest) {
    config.header_digest = config.data_digest = san::DigestWish::Crc32c;
    target.digests = true;
    for (std::size_t at : {10u, 49u, 100u, 600u}) {
        target.on_pdu = nullptr;
        open();
        bool damaged = false;
        target.on_pdu = [&](Connection& connection, const Pdu& pdu) {
            if (pdu.opcode() != IscsiOpcode::ScsiCommand || std::exchange(damaged, true)) return false;
            san::DataInHeader header;
            header.initiator_task_tag = pdu.header.initiator_task_tag;
            std::size_t before = connection.pipe().to_client.size();
            connection.reply(header, std::string(1000, 'x'), Connection::Status::Without);
            connection.pipe().to_client[before + at] ^= 1;
            return true;
        };
        expect_reads();
        EXPECT_EQ(device->generation(), 1u) << at;
    }
}

class IscsiReadyToTransfer : public IscsiSession {
  protected:
    void expect_bad(std::function<void(san::ReadyToTransferHeader&)> change, const util::Failure& wanted) {
        target.immediate_data = false;
        open();
        target.on_send = [change](Connection&, Pdu& pdu) {
            if (pdu.opcode() == IscsiOpcode::ReadyToTransfer) pdu.edit<san::ReadyToTransferHeader>(change);
            return false;
        };
        auto data = random_data(65024);
        EXPECT_FALSE(run(Operation::Write, 0, data));
        EXPECT_EQ(failure, &wanted) << failure->text;
    }
};

TEST_F(IscsiReadyToTransfer, MayNotReachBeyondTheData) {
    expect_bad([](auto& header) { header.buffer_offset = 1; }, san::kBadReadyToTransfer);
    expect_bad([](auto& header) { header.buffer_offset = 0xffffffff; }, san::kBadReadyToTransfer);
    expect_bad([](auto& header) { header.desired_data_transfer_length = 65025; }, san::kBadReadyToTransfer);
}
TEST_F(IscsiReadyToTransfer, MayNotAskForNothing) {
    expect_bad([](auto& header) { header.desired_data_transfer_length = 0; }, san::kBadReadyToTransfer);
}
TEST_F(IscsiReadyToTransfer, MayNotExceedTheBurst) {
    target.max_burst = 16384;
    expect_bad([](auto& header) { header.desired_data_transfer_length = 16385; }, san::kBadReadyToTransfer);
}
TEST_F(IscsiReadyToTransfer, MustBeInOrder) {
    expect_bad([](auto& header) { header.r2t_sn = 5; }, san::kBadReadyToTransfer);
}
TEST_F(IscsiReadyToTransfer, MustNameATask) {
    expect_bad([](auto& header) { header.initiator_task_tag = 0x00badbad; }, san::kUnexpectedPdu);
}

TEST_F(IscsiSession, GivesACancelledReadBackAndDropsItsData) {
    open();
    target.hang = true;
    std::vector<std::byte> data(65024, std::byte{0xee}), untouched = data;
    san::BlockRequest request;
    start(request, Operation::Read, 0, data);
    loop.poll_once();
    loop.poll_once();
    device->cancel(request);
    EXPECT_EQ(request.state, State::Idle);
    target.hang = false;
    expect_reads();
    EXPECT_EQ(data, untouched);
    EXPECT_EQ(device->generation(), 0u);
}

TEST_F(IscsiSession, GivesAReadBackInTheMiddleOfAPdu) {
    open();
    target.data_in_size = 65536;
    target.current()->pipe().piece = 1000;
    std::vector<std::byte> data(65024);
    san::BlockRequest request;
    start(request, Operation::Read, 0, data);
    while (data[0] == std::byte{} && data[1] == std::byte{}) loop.poll_once();
    device->cancel(request);
    data.assign(65024, std::byte{0xee});
    auto untouched = data;
    expect_reads();
    EXPECT_EQ(data, untouched);
    EXPECT_EQ(device->generation(), 0u);
}

TEST_F(IscsiSession, GivesUpTheSessionForACancelledWrite) {
    target.immediate_data = false;
    open();
    target.hang = true;
    auto data = random_data(65024);
    san::BlockRequest request;
    start(request, Operation::Write, 0, data);
    loop.poll_once();
    loop.poll_once();
    device->cancel(request);
    data.clear();
    target.hang = false;
    expect_reads();
    EXPECT_EQ(device->generation(), 1u);
}

TEST_F(IscsiSession, LogsOutWhenItIsClosed) {
    open();
    device->close();
    EXPECT_EQ(target.count(IscsiOpcode::LogoutRequest), 1u);
    EXPECT_TRUE(target.current()->pipe().client_closed);
    EXPECT_FALSE(target.current()->pipe().client_aborted);
    std::vector<std::byte> data(512);
    EXPECT_FALSE(run(Operation::Read, 0, data));
    EXPECT_EQ(failure, &san::kDeviceClosed);
}

TEST_F(IscsiSession, DoesNotWaitLongForALogout) {
    open();
    target.hang = true;
    util::Instant before = loop.now();
    device->close();
    EXPECT_LE((loop.now() - before).ms(), 3000);
}

}  // namespace
