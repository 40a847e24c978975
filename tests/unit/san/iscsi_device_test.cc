// The LUN behind the session: what it is, waiting for it, errors in words, and sessions that are lost and made anew.
#include "tests/unit/san/iscsi_fixture.h"

namespace {

using fake::Connection;
using fake::fixed_sense;
using fake::Pdu;
using fake::ScsiAnswer;
using san::IscsiOpcode;
using san::ScsiCommandHeader;
using util::Duration;

class IscsiDevice : public fake::IscsiTest {
  protected:
    // The next `times` commands with this operation code get this answer.
    void answer(std::uint8_t operation, ScsiAnswer answer, unsigned times) {
        target.on_command = [=, left = times](const ScsiCommandHeader& command) mutable -> std::optional<ScsiAnswer> {
            if (command.cdb[0] != operation || left == 0) return std::nullopt;
            --left;
            return answer;
        };
    }
    static ScsiAnswer check(unsigned key, unsigned asc, unsigned ascq, std::uint32_t information = 0) {
        return {2, fixed_sense(key, asc, ascq, information), {}};
    }
    std::string said() const { return std::string(device->diagnosis().what.view()); }
    std::vector<std::uint8_t> operations() const {
        std::vector<std::uint8_t> all;
        for (const Pdu& pdu : target.received)
            if (pdu.opcode() == IscsiOpcode::ScsiCommand) all.push_back(pdu.as<ScsiCommandHeader>().cdb[0]);
        return all;
    }
    static constexpr std::uint8_t kTestReady = 0x00, kRead = 0x28, kWrite = 0x2a, kFlush = 0x35;
    static constexpr unsigned kAlways = 1000000;
};

TEST_F(IscsiDevice, KnowsItsGeometry) {
    open();
    EXPECT_EQ(device->geometry().blocks, 4096u);
    EXPECT_EQ(device->geometry().block_size, 512u);
    EXPECT_FALSE(device->geometry().read_only);
    EXPECT_FALSE(device->geometry().is_cdrom);
    EXPECT_GE(device->max_transfer_blocks(), 127u);
    EXPECT_FALSE(device->reconnecting());
}

TEST_F(IscsiDevice, OpensCdsWithTheirBlocks) {
    target.units[1].device_type = 5;
    target.units[1].block_size = 2048;
    open();
    EXPECT_TRUE(device->geometry().is_cdrom);
    EXPECT_TRUE(device->geometry().read_only);
    EXPECT_EQ(device->geometry().block_size, 2048u);
    std::vector<std::byte> data(8192);
    EXPECT_TRUE(run(Operation::Read, 3, data));
    EXPECT_EQ(data, disk(3, 8192));
}

TEST_F(IscsiDevice, OpensDisksWith4096ByteBlocks) {
    target.units[1].block_size = 4096;
    open();
    std::vector<std::byte> data(8192);
    EXPECT_TRUE(run(Operation::Read, 3, data));
    EXPECT_EQ(data, disk(3, 8192));
}

TEST_F(IscsiDevice, RefusesOtherBlockSizes) {
    target.units[1].block_size = 520;
    EXPECT_EQ(try_open(), &san::kBlockSize);
}

TEST_F(IscsiDevice, AsksWith16BytesBeyond2TiB) {
    target.units[1].huge = true;
    target.units[1].blocks = 0x3'0000'0000;
    open();
    EXPECT_EQ(device->geometry().blocks, 0x3'0000'0000u);
    std::vector<std::byte> data(512);
    for (std::uint64_t lba : {0xffff'ffffull, 0x1'0000'0000ull, 0x2'ffff'ffffull}) {
        EXPECT_TRUE(run(Operation::Read, lba, data));
        EXPECT_EQ(operations().back(), lba > 0xffff'ffff ? 0x88 : 0x28);
        EXPECT_TRUE(run(Operation::Write, lba, data));
        EXPECT_EQ(operations().back(), lba > 0xffff'ffff ? 0x8a : 0x2a);
    }
}

TEST_F(IscsiDevice, SaysThatALunIsMissingAndWhichExist) {
    use("iscsi:192.0.2.1:::9:" + std::string(fake::kTargetName));
    target.units[2] = {};
    EXPECT_EQ(try_open(), &san::kNoSuchLun);
    EXPECT_EQ(std::string(diagnosis.stage), "LUN");
    EXPECT_EQ(std::string(diagnosis.hint.view()), "LUNs that exist: 1, 2");
}

TEST_F(IscsiDevice, SaysThatATargetShowsNoLunAtAll) {
    target.units.clear();
    EXPECT_EQ(try_open(), &san::kNoSuchLun);
    EXPECT_NE(why().find("ACL"), std::string::npos) << why();
}

TEST_F(IscsiDevice, KnowsTheControllerOfTgt) {
    target.units[0].device_type = 0x0c;
    use("iscsi:192.0.2.1::::" + std::string(fake::kTargetName));
    EXPECT_EQ(try_open(), &san::kNotADisk);
    EXPECT_NE(why().find("tgt's LUN 0 is its controller; try LUN 1"), std::string::npos) << why();
    EXPECT_NE(why().find("LUNs that exist: 0, 1"), std::string::npos) << why();
}

TEST_F(IscsiDevice, NamesOtherKindsOfDevices) {
    target.units[1].device_type = 0x01;
    EXPECT_EQ(try_open(), &san::kNotADisk);
    EXPECT_NE(why().find("tape"), std::string::npos) << why();
}

TEST_F(IscsiDevice, TakesALunWithSeveralLevels) {
    use("iscsi:192.0.2.1:::0001-0002-0000-4003:" + std::string(fake::kTargetName));
    open();
    EXPECT_EQ(target.received.back().header.lun, (san::ScsiLun{{0, 1, 0, 2, 0, 0, 0x40, 3}}));
}

TEST_F(IscsiDevice, RetriesUnitAttentions) {
    for (auto [asc, ascq] : {std::pair{0x29u, 0u}, {0x2au, 9u}, {0x3fu, 0x0eu}}) {
        answer(kTestReady, check(6, asc, ascq), 3);
        open();
        answer(kRead, check(6, asc, ascq), 3);
        expect_reads();
    }
}

TEST_F(IscsiDevice, WaitsForAUnitThatIsBecomingReady) {
    for (unsigned ascq : {1u, 0x0au}) {
        answer(kTestReady, check(2, 4, ascq), 20);
        util::Instant before = loop.now();
        open();
        EXPECT_GE((loop.now() - before).s(), 5);
    }
}

TEST_F(IscsiDevice, GivesUpOnAUnitThatNeverBecomesReady) {
    answer(kTestReady, check(2, 4, 1), kAlways);
    util::Instant before = loop.now();
    EXPECT_EQ(try_open(), &san::kNotReady);
    EXPECT_GE((loop.now() - before).s(), 60);
    EXPECT_NE(why().find("becoming ready 2/04/01"), std::string::npos) << why();
}

TEST_F(IscsiDevice, StartsAUnitThatNeedsIt) {
    answer(kTestReady, check(2, 4, 2), 1);
    open();
    auto all = operations();
    EXPECT_NE(std::find(all.begin(), all.end(), 0x1b), all.end());
}

TEST_F(IscsiDevice, StartsAUnitThatHasBeenStoppedSince) {
    open();
    bool stopped = true;
    unsigned becoming_ready = 20;
    target.on_command = [&](const ScsiCommandHeader& command) -> std::optional<ScsiAnswer> {
        if (command.cdb[0] == 0x1b) {
            EXPECT_EQ(command.cdb, san::cdb_start_unit());
            EXPECT_EQ(command.expected_data_transfer_length, 0u);
            stopped = false;
            return std::nullopt;
        }
        if (stopped) return check(2, 4, 2);
        if (becoming_ready && becoming_ready--) return check(2, 4, 1);
        return std::nullopt;
    };
    expect_writes();
    stopped = true;
    becoming_ready = 0;
    expect_reads();
    stopped = true;
    std::vector<std::byte> none;
    EXPECT_TRUE(run(Operation::Flush, 0, none));
    auto all = operations();
    EXPECT_EQ(std::count(all.begin(), all.end(), 0x1b), 3);
    EXPECT_EQ(device->generation(), 0u);
}

TEST_F(IscsiDevice, GivesUpOnAUnitThatCannotBeStarted) {
    open();
    for (bool refused : {false, true}) {
        target.on_command = [refused](const ScsiCommandHeader& command) -> std::optional<ScsiAnswer> {
            if (command.cdb[0] != 0x1b) return check(2, 4, 2);
            return refused ? std::optional(check(5, 0x20, 0)) : std::nullopt;
        };
        std::vector<std::byte> data(512);
        EXPECT_FALSE(run(Operation::Read, 0, data));
        EXPECT_EQ(failure, &san::kNotReady);
        EXPECT_NE(said().find("needs to be started 2/04/02"), std::string::npos) << said();
    }
}

TEST_F(IscsiDevice, SaysWhatItWaitsForWhileAUnitIsNotReady) {
    open();
    for (unsigned ascq : {1u, 4u, 5u, 7u, 0x0au, 0x14u, 0x1au}) {
        answer(kRead, check(2, 4, ascq), 30);
        std::vector<std::byte> data(512);
        san::BlockRequest request;
        start(request, Operation::Read, 0, data);
        sleep(4000);
        EXPECT_EQ(request.state, State::Pending) << ascq;
        EXPECT_TRUE(device->reconnecting());
        EXPECT_NE(said().find("not ready"), std::string::npos) << said();
        EXPECT_EQ(wait(request), State::Done);
        EXPECT_FALSE(device->reconnecting());
    }
    EXPECT_EQ(device->generation(), 0u);
}

TEST_F(IscsiDevice, SaysThatADriveIsEmpty) {
    answer(kTestReady, check(2, 0x3a, 0), kAlways);
    EXPECT_EQ(try_open(), &san::kNotReady);
    EXPECT_NE(why().find("no medium"), std::string::npos) << why();
}

TEST_F(IscsiDevice, BacksOffFromABusyUnit) {
    open();
    for (std::uint8_t status : {0x08, 0x28}) {
        answer(kRead, {status, {}, {}}, 5);
        util::Instant before = loop.now();
        expect_reads();
        EXPECT_GE((loop.now() - before).ms(), 500);
        EXPECT_LE((loop.now() - before).s(), 5);
    }
    EXPECT_EQ(device->generation(), 0u);
}

TEST_F(IscsiDevice, GivesUpOnAUnitThatStaysBusy) {
    open();
    answer(kRead, {0x08, {}, {}}, kAlways);
    std::vector<std::byte> data(512);
    EXPECT_FALSE(run(Operation::Read, 0, data));
    EXPECT_EQ(failure, &san::kScsiBusy);
}

TEST_F(IscsiDevice, TellsEachFailureInWords) {
    open();
    struct Case {
        ScsiAnswer answer;
        const util::Failure* failure;
        const char* text;
    };
    for (const Case& c : {Case{check(3, 0x11, 0), &san::kMediumError, "unrecovered read error 3/11/00"},
                          Case{check(4, 0x44, 0), &san::kHardwareError, "internal target failure 4/44/00"},
                          Case{check(5, 0x24, 0), &san::kIllegalRequest, "invalid field"},
                          Case{check(5, 0x21, 0), &san::kOutsideDisk, "LBA out of range"},
                          Case{check(7, 0x27, 0), &san::kWriteProtected, "write-protected"},
                          Case{check(7, 0x27, 7), &san::kSpaceExhausted, "space allocation failed"},
                          Case{check(0xb, 0, 0), &san::kCommandAborted, "aborted command b/00/00"},
                          Case{check(2, 4, 0x0b), &san::kNotReady, "standby"},
                          Case{{0x18, {}, {}}, &san::kReservationConflict, "reserved"},
                          Case{{0x40, {}, {}}, &san::kCommandAborted, "aborted"},
                          Case{{0x77, {}, {}}, &san::kScsiFailed, "failed"},
                          Case{{2, {}, {}}, &san::kScsiFailed, "failed"},
                          Case{{0, {}, {}, 1}, &san::kTargetFailure, "could not complete"}}) {
        answer(kWrite, c.answer, kAlways);
        std::vector<std::byte> data(512);
        EXPECT_FALSE(run(Operation::Write, 0, data));
        EXPECT_EQ(failure, c.failure) << c.text << " / " << failure->text;
        EXPECT_NE(said().find(c.text), std::string::npos) << said();
        EXPECT_EQ(std::string(device->diagnosis().stage), "write");
    }
    EXPECT_EQ(device->generation(), 0u);
}

TEST_F(IscsiDevice, SaysWhichBlockIsBad) {
    open();
    answer(kRead, check(3, 0x11, 0, 45), 1);
    std::vector<std::byte> data(64 * 512);
    EXPECT_FALSE(run(Operation::Read, 10, data));
    EXPECT_EQ(failed_lba, 45u);
    answer(kRead, check(3, 0x11, 0, 4000), 1);  // not within the request: cannot be
    EXPECT_FALSE(run(Operation::Read, 10, data));
    EXPECT_EQ(failed_lba, 10u);
}

TEST_F(IscsiDevice, TakesRecoveredErrorsForSuccess) {
    open();
    answer(kWrite, check(1, 0x17, 0), 1);
    // The fake says that nothing was moved then, so only the absence of data can be tested.
    std::vector<std::byte> none;
    answer(kFlush, check(1, 0x17, 0), 1);
    EXPECT_TRUE(run(Operation::Flush, 0, none));
}

TEST_F(IscsiDevice, FlushesTheCacheWhereThereIsOne) {
    open();
    std::vector<std::byte> none;
    EXPECT_TRUE(run(Operation::Flush, 0, none));
    EXPECT_EQ(operations().back(), kFlush);
    answer(kFlush, check(5, 0x20, 0), kAlways);
    EXPECT_TRUE(run(Operation::Flush, 0, none));
    answer(kFlush, check(3, 0x0c, 0), kAlways);
    EXPECT_FALSE(run(Operation::Flush, 0, none));
}

TEST_F(IscsiDevice, RefusesToWriteToAReadOnlyUnit) {
    target.units[1].read_only = true;
    open();
    EXPECT_TRUE(device->geometry().read_only);
    std::vector<std::byte> data(512);
    EXPECT_FALSE(run(Operation::Write, 0, data));
    EXPECT_EQ(failure, &san::kWriteProtected);
    expect_reads();
}

TEST_F(IscsiDevice, RefusesBlocksBeyondTheEnd) {
    open();
    std::vector<std::byte> data(1024);
    for (std::uint64_t lba : {4095ull, 4096ull, 0xffff'ffff'ffff'ffffull}) {
        EXPECT_FALSE(run(Operation::Read, lba, data));
        EXPECT_EQ(failure, &san::kOutsideDisk);
    }
    EXPECT_TRUE(run(Operation::Read, 4094, data));
}

TEST_F(IscsiDevice, LivesWithoutIdentityPagesAndModeSense) {
    target.on_command = [](const ScsiCommandHeader& command) -> std::optional<ScsiAnswer> {
        if (command.cdb[0] == 0x1a || (command.cdb[0] == 0x12 && command.cdb[1])) return check(5, 0x24, 0);
        return std::nullopt;
    };
    open();
    target.drop();
    expect_writes();
    EXPECT_EQ(device->generation(), 1u);
}

TEST_F(IscsiDevice, RidesThroughALostConnectionWithReadsAndWritesInFlight) {
    target.immediate_data = false;
    open();
    std::vector<std::byte> reads[4], writes[4];
    san::BlockRequest requests[8];
    for (std::size_t i = 0; i < 8; ++i) {
        auto& data = i % 2 ? writes[i / 2] : reads[i / 2];
        data = i % 2 ? random_data(65024 - i * 512) : std::vector<std::byte>(65024);
        start(requests[i], i % 2 ? Operation::Write : Operation::Read, i * 200, data);
    }
    target.on_send = [](Connection& connection, Pdu& pdu) {
        // In the middle of a read: half a PDU, then the end.
        if (pdu.opcode() != IscsiOpcode::DataIn || connection.stat_sn < 102) return false;
        connection.send_raw(std::string(reinterpret_cast<const char*>(&pdu.header), 48) + pdu.data.substr(0, 100));
        connection.reset();
        return true;
    };
    sleep(2);
    EXPECT_TRUE(device->reconnecting() || device->generation());
    target.on_send = nullptr;
    for (std::size_t i = 0; i < 8; ++i) {
        ASSERT_EQ(wait(requests[i]), State::Done) << i;
        if (i % 2) EXPECT_EQ(writes[i / 2], disk(i * 200, writes[i / 2].size()));
        else EXPECT_EQ(reads[i / 2], disk(i * 200, 65024));
    }
    EXPECT_GE(device->generation(), 1u);
}

TEST_F(IscsiDevice, RidesThroughADropInTheMiddleOfAWrite) {
    target.immediate_data = false;
    open();
    unsigned drops = 3;
    target.on_pdu = [&](Connection& connection, const Pdu& pdu) {
        if (pdu.opcode() != IscsiOpcode::DataOut || drops == 0) return false;
        --drops;
        connection.reset();
        return true;
    };
    expect_writes();
    EXPECT_EQ(device->generation(), 3u);
}

TEST_F(IscsiDevice, TriesAgainAtOnceAndThenEverMoreSlowly) {
    open();
    target.down = true;
    target.drop();
    target.connects.clear();
    sleep(100);
    EXPECT_EQ(target.connects.size(), 1u);
    sleep(60000);
    EXPECT_GE(target.connects.size(), 14u);
    EXPECT_LE(target.connects.size(), 20u);
    EXPECT_TRUE(device->reconnecting());
    target.down = false;
    sleep(4500);
    EXPECT_FALSE(device->reconnecting());
    EXPECT_EQ(device->generation(), 1u);
}

TEST_F(IscsiDevice, WaitsForATargetThatStartsSlowly) {
    open();
    target.drop();
    target.login_status = 0x0203;  // it answers before it knows its disks
    std::vector<std::byte> data(512);
    san::BlockRequest request;
    start(request, Operation::Read, 0, data);
    sleep(10000);
    auto units = std::move(target.units);
    target.units.clear();
    target.login_status = 0;
    sleep(10000);
    EXPECT_EQ(request.state, State::Pending);
    target.units = std::move(units);
    EXPECT_EQ(wait(request), State::Done);
    EXPECT_EQ(data, disk(0, 512));
}

TEST_F(IscsiDevice, LosesPatienceInTheEnd) {
    open();
    target.down = true;
    target.drop();
    util::Instant before = loop.now();
    std::vector<std::byte> data(512);
    EXPECT_FALSE(run(Operation::Read, 0, data));
    EXPECT_EQ(failure, &san::kPatienceEnded);
    EXPECT_NEAR(static_cast<double>((loop.now() - before).s()), 300, 6);
    EXPECT_NE(said().find("connection refused"), std::string::npos) << said();
    EXPECT_FALSE(device->reconnecting());
    before = loop.now();
    EXPECT_FALSE(run(Operation::Read, 0, data));
    EXPECT_LE((loop.now() - before).s(), 25) << "the next request finds out sooner";
    target.down = false;
    expect_reads();
}

TEST_F(IscsiDevice, NeverWritesToADiskThatHasTakenThePlaceOfTheOld) {
    open();
    auto data = random_data(512);
    target.units[1].serial = "another disk";
    target.drop();
    auto before = disk(0, 65024);
    EXPECT_FALSE(run(Operation::Write, 0, data));
    EXPECT_EQ(failure, &san::kLunChanged);
    EXPECT_EQ(disk(0, 65024), before);
    EXPECT_NE(said().find("another disk"), std::string::npos) << said();
    EXPECT_FALSE(run(Operation::Read, 0, data));
    EXPECT_EQ(failure, &san::kLunChanged);
}

TEST_F(IscsiDevice, NoticesADiskThatHasTakenThePlaceOfTheOldInTheSameSession) {
    for (auto [asc, ascq] : {std::pair{0x28u, 0u}, {0x29u, 0u}, {0x3fu, 3u}, {0x3fu, 0x0eu}}) {
        target.units[1].serial = "serial-1";
        open();
        target.units[1].serial = "another disk";
        answer(kWrite, check(6, asc, ascq), 1);
        auto data = random_data(512);
        auto before = disk(0, 512);
        EXPECT_FALSE(run(Operation::Write, 0, data));
        EXPECT_EQ(failure, &san::kLunChanged) << asc;
        EXPECT_EQ(disk(0, 512), before);
    }
}

TEST_F(IscsiDevice, KeepsItsSessionWhenParametersOfTheUnitHaveChanged) {
    open();
    answer(kWrite, check(6, 0x2a, 9), 3);
    expect_writes();
    EXPECT_EQ(device->generation(), 0u);
}

TEST_F(IscsiDevice, GivesUpOnAUnitThatHasNothingButAttentions) {
    open();
    answer(kRead, check(6, 0x29, 0), kAlways);
    std::vector<std::byte> data(512);
    EXPECT_FALSE(run(Operation::Read, 0, data));
    EXPECT_EQ(failure, &san::kScsiFailed);
    EXPECT_EQ(device->generation(), 1u);
}

// A reset by another initiator ends commands without an answer.
TEST_F(IscsiDevice, SendsCommandsAgainThatAResetMayHaveEnded) {
    open();
    bool reset = false;
    target.on_pdu = [&](Connection&, const Pdu& pdu) {  // forgets the first one
        return pdu.opcode() == IscsiOpcode::ScsiCommand && !std::exchange(reset, true);
    };
    std::vector<std::byte> data[2] = {std::vector<std::byte>(512), std::vector<std::byte>(512)};
    san::BlockRequest requests[2];
    start(requests[0], Operation::Read, 3, data[0]);
    sleep(10);
    answer(kRead, check(6, 0x29, 3), 1);
    start(requests[1], Operation::Read, 4, data[1]);
    for (auto& request : requests) EXPECT_EQ(wait(request, 10), State::Done);
    EXPECT_EQ(data[0], disk(3, 512));
    EXPECT_EQ(device->generation(), 1u);
}

TEST_F(IscsiDevice, NoticesADiskOfAnotherSize) {
    open();
    target.units[1].disk.resize(1 << 20);
    target.drop();
    std::vector<std::byte> data(512);
    EXPECT_FALSE(run(Operation::Write, 0, data));
    EXPECT_EQ(failure, &san::kLunChanged);
}

TEST_F(IscsiDevice, AsksForTheNamesAddressAgain) {
    resolver.known = net::Ipv4Address(192, 0, 2, 9);
    use("iscsi:server.example:::1:" + std::string(fake::kTargetName));
    open();
    resolver.known = net::Ipv4Address(192, 0, 2, 10);
    target.drop();
    expect_reads();
    EXPECT_EQ(target.connects.back().address, *resolver.known);
    EXPECT_EQ(resolver.asked.size(), 2u);
    resolver.silent = true;
    target.drop();
    std::vector<std::byte> data(512);
    EXPECT_FALSE(run(Operation::Read, 0, data));
    EXPECT_EQ(failure, &san::kPatienceEnded);
}

TEST_F(IscsiDevice, GivesPendingRequestsBackWhenClosed) {
    open();
    target.hang = true;
    std::vector<std::byte> data(512);
    san::BlockRequest request;
    start(request, Operation::Read, 0, data);
    device->close();
    EXPECT_EQ(request.state, State::Failed);
    EXPECT_EQ(request.failure, &san::kDeviceClosed);
}

TEST_F(IscsiDevice, GoesThroughARedirectAgainAfterALoss) {
    target.redirect = "198.51.100.7";
    target.on_pdu = [&](Connection&, const Pdu& pdu) {
        bool first_portal = target.connects.back().address == net::Ipv4Address(192, 0, 2, 1);
        if (pdu.opcode() == IscsiOpcode::LoginRequest) target.login_status = first_portal ? 0x0101 : 0;
        return false;
    };
    open();
    target.drop();
    expect_writes();
    EXPECT_EQ(target.connects.size(), 4u);
}

}  // namespace
