// One disk by two targets: which path is used, and what becomes of requests when it is lost.
#include <gtest/gtest.h>

#include "san/iscsi_failures.h"
#include "san/multipath_device.h"
#include "tests/host/host.h"
#include "tests/unit/san/iscsi_fixture.h"

namespace {

using fake::fixed_sense;
using fake::Pdu;
using fake::ScsiAnswer;
using fake::Target;
using san::IscsiOpcode;
using san::ScsiCommandHeader;
using util::Duration;

// Two servers on the network: 192.0.2.1 and 192.0.2.2.
struct Network final : net::Connector {
    util::Result<util::Owned<net::Stream>> connect(const net::Ipv4Endpoint& remote) override {
        return targets[remote.address == *net::Ipv4Address::parse("192.0.2.1") ? 0 : 1].connect(remote);
    }
    Target targets[2];
};

class Multipath : public testing::Test {
  protected:
    using Operation = san::BlockRequest::Operation;
    using State = san::BlockRequest::State;

    Multipath() {
        for (Target& target : network.targets) loop.add(target);
    }
    Target& a = network.targets[0];
    Target& b = network.targets[1];

    const util::Failure* try_open() {
        device = util::make_owned<san::MultipathDevice>(loop).take();
        const char* uris[] = {"iscsi:192.0.2.1:::1:iqn.2020-01.test:target", "iscsi:192.0.2.2:::1:iqn.2020-01.test:target"};
        for (std::uint8_t i = 0; i < 2; ++i) {
            san::IscsiConfig config;
            config.initiator_name.text("iqn.2020-01.test:initiator");
            config.isid = {0x12, 0x34, 0x56, 0x78, i, 0x80};
            config.uri = san::parse_iscsi_uri(uris[i]).take();
            auto path = san::IscsiDevice::begin({loop, network, random, nullptr}, config);
            EXPECT_TRUE(path.ok());
            EXPECT_TRUE(device->add(path.take()).ok());
        }
        auto opened = device->open();
        return opened.ok() ? nullptr : &opened.failure();
    }
    void open() { ASSERT_EQ(try_open(), nullptr); }
    void start(san::BlockRequest& request, Operation operation, std::uint64_t lba, std::vector<std::byte>& data) {
        request.operation = operation;
        request.lba = lba;
        request.data = data;
        request.count = static_cast<std::uint32_t>(data.size() / 512);
        device->submit(request);
    }
    State wait(san::BlockRequest& request, int seconds = 700) {
        (void)loop.run_until([&] { return request.state != State::Pending; }, loop.now() + Duration::seconds(seconds));
        return request.state;
    }
    const util::Failure* run(Operation operation, std::uint64_t lba, std::vector<std::byte>& data) {
        san::BlockRequest request;
        start(request, operation, lba, data);
        State state = wait(request);
        EXPECT_NE(state, State::Pending);
        if (state == State::Pending) device->cancel(request);
        failed_lba = request.failed_lba;
        return state == State::Done ? nullptr : request.failure ? request.failure : &util::kTimedOut;
    }
    void expect_reads(Target& from) {
        std::vector<std::byte> data(65024);
        std::size_t before = commands(from, 0x28);
        const util::Failure* failure = run(Operation::Read, 3, data);
        EXPECT_EQ(failure, nullptr) << failure->text;
        EXPECT_TRUE(std::equal(data.begin(), data.end(), from.units[1].disk.begin() + 3 * 512));
        EXPECT_GT(commands(from, 0x28), before);
    }
    static std::size_t commands(Target& target, std::uint8_t operation) {
        std::size_t count = 0;
        for (const Pdu& pdu : target.received)
            count += pdu.opcode() == IscsiOpcode::ScsiCommand && pdu.as<ScsiCommandHeader>().cdb[0] == operation;
        return count;
    }
    static void answer(Target& target, std::uint8_t operation, unsigned key, unsigned asc, unsigned ascq, std::uint32_t information = 0) {
        target.on_command = [=](const ScsiCommandHeader& command) -> std::optional<ScsiAnswer> {
            if (command.cdb[0] != operation) return std::nullopt;
            return ScsiAnswer{2, fixed_sense(key, asc, ascq, information), {}};
        };
    }
    void sleep(int milliseconds) { (void)loop.sleep(Duration::milliseconds(milliseconds)); }

    static constexpr std::uint8_t kRead = 0x28, kWrite = 0x2a;
    util::Loop loop;
    Network network;
    fake::Random random;
    util::Owned<san::MultipathDevice> device;
    std::uint64_t failed_lba = 0;
};

TEST_F(Multipath, LogsInByAllPathsAndReadsByTheFirst) {
    open();
    EXPECT_TRUE(device->leads_here(0));
    EXPECT_TRUE(device->leads_here(1));
    EXPECT_EQ(device->active(), 0u);
    EXPECT_EQ(device->geometry().blocks, 4096u);
    expect_reads(a);
    EXPECT_EQ(commands(b, kRead), 0u);
}

TEST_F(Multipath, WaitsOnlyASmallWhileForAPathThatDoesNotAnswer) {
    a.hang = true;
    util::Instant before = loop.now();
    open();
    EXPECT_EQ(device->active(), 1u);
    EXPECT_FALSE(device->leads_here(0));
    EXPECT_LE(loop.now() - before, san::MultipathDevice::kForOthers + Duration::seconds(1));
    expect_reads(b);
}

TEST_F(Multipath, DoesNotWaitForAPathThatIsRefused) {
    a.login_status = 0x0202;
    util::Instant before = loop.now();
    open();
    EXPECT_LT((loop.now() - before).ms(), 500);
    expect_reads(b);
}

TEST_F(Multipath, FailsAsItsFirstPathDoesWhenNoneIsThere) {
    a.login_status = 0x0202;
    b.login_status = 0x0203;
    EXPECT_EQ(try_open(), &san::kNotAllowed);
}

TEST_F(Multipath, ReadsGoOnByTheOtherPathWhenOneDiesInTheMiddle) {
    open();
    san::BlockRequest requests[8];
    std::vector<std::byte> data[8];
    unsigned left = 3;
    a.on_pdu = [&](fake::Connection&, const Pdu& pdu) {
        if (pdu.opcode() != IscsiOpcode::ScsiCommand || --left) return false;
        a.down = true;
        a.drop();
        return true;
    };
    std::uint32_t generation = device->generation();
    for (unsigned i = 0; i < 8; ++i) {
        data[i].resize(16384);
        start(requests[i], Operation::Read, i * 40, data[i]);
    }
    for (unsigned i = 0; i < 8; ++i) {
        EXPECT_EQ(wait(requests[i], 10), State::Done);
        EXPECT_TRUE(std::equal(data[i].begin(), data[i].end(), b.units[1].disk.begin() + i * 40 * 512)) << i;
    }
    EXPECT_EQ(device->active(), 1u);
    EXPECT_NE(device->generation(), generation);
    EXPECT_FALSE(device->reconnecting());
}

TEST_F(Multipath, WritesGoOnByTheOtherPath) {
    open();
    a.down = true;
    a.drop();
    std::vector<std::byte> data(65024, std::byte{0x5a});
    EXPECT_EQ(run(Operation::Write, 7, data), nullptr);
    EXPECT_TRUE(std::equal(data.begin(), data.end(), b.units[1].disk.begin() + 7 * 512));
}

TEST_F(Multipath, ComesBackWhenTheOtherPathIsLostInTurn) {
    open();
    for (int round = 0; round < 3; ++round) {
        a.down = true;
        a.drop();
        expect_reads(b);
        a.down = false;
        sleep(10000);
        b.down = true;
        b.drop();
        expect_reads(a);
        b.down = false;
        sleep(10000);
    }
}

TEST_F(Multipath, TriesAPathAgainThatWasNotThereAtFirst) {
    b.down = true;
    open();
    EXPECT_FALSE(device->leads_here(1));
    b.down = false;
    a.down = true;
    a.drop();
    expect_reads(b);
}

TEST_F(Multipath, RidesOutTheLossOfAllPaths) {
    open();
    for (Target* target : {&a, &b}) target->down = true, target->drop();
    std::vector<std::byte> data(512);
    san::BlockRequest request;
    start(request, Operation::Read, 3, data);
    EXPECT_EQ(wait(request, 60), State::Pending);
    EXPECT_TRUE(device->reconnecting());
    b.down = false;
    EXPECT_EQ(wait(request, 10), State::Done);
}

TEST_F(Multipath, GoesElsewhereWhenAPathIsInStandby) {
    open();
    answer(a, kRead, 2, 4, 0x0b);
    util::Instant before = loop.now();
    expect_reads(b);
    EXPECT_LT((loop.now() - before).ms(), 1000);
    EXPECT_EQ(commands(a, kRead), 1u);
}

TEST_F(Multipath, AsksAgainWhereAllPathsAreInStandby) {
    open();
    answer(a, kRead, 2, 4, 0x0b);
    answer(b, kRead, 2, 4, 0x0b);
    std::vector<std::byte> data(512);
    san::BlockRequest request;
    start(request, Operation::Read, 3, data);
    EXPECT_EQ(wait(request, 30), State::Pending);
    EXPECT_LE(commands(a, kRead) + commands(b, kRead), 8u);
    a.on_command = nullptr;
    EXPECT_EQ(wait(request, 15), State::Done);
}

TEST_F(Multipath, FailsInTheEndWhereAllPathsStayInStandby) {
    open();
    answer(a, kRead, 2, 4, 0x0b);
    answer(b, kRead, 2, 4, 0x0b);
    std::vector<std::byte> data(512);
    util::Instant before = loop.now();
    EXPECT_EQ(run(Operation::Read, 3, data), &san::kNotReady);
    EXPECT_LE((loop.now() - before).s(), 80);
}

TEST_F(Multipath, TellsErrorsOfTheDiskAtOnce) {
    open();
    answer(a, kRead, 3, 0x11, 0, 5);
    std::vector<std::byte> data(65024);
    EXPECT_EQ(run(Operation::Read, 3, data), &san::kMediumError);
    EXPECT_EQ(failed_lba, 5u);
    EXPECT_EQ(commands(b, kRead), 0u);
}

TEST_F(Multipath, NeverUsesAPathToAnotherDisk) {
    b.units[1].serial = "another";
    open();
    EXPECT_FALSE(device->leads_here(1));
    a.down = true;
    a.drop();
    std::vector<std::byte> data(512, std::byte{1});
    san::BlockRequest request;
    start(request, Operation::Write, 3, data);
    EXPECT_EQ(wait(request, 30), State::Pending);
    EXPECT_EQ(commands(b, kWrite), 0u);
    a.down = false;
    EXPECT_EQ(wait(request, 10), State::Done);
}

TEST_F(Multipath, SendsNothingWhileNobodyAsks) {
    open();
    device->quiesce();
    sleep(60000);
    std::size_t before = a.received.size() + b.received.size(), connects = a.connects.size() + b.connects.size();
    a.drop();
    b.drop();
    sleep(60000);
    EXPECT_EQ(a.received.size() + b.received.size(), before);
    EXPECT_EQ(a.connects.size() + b.connects.size(), connects);
    std::vector<std::byte> data(512);
    EXPECT_EQ(run(Operation::Read, 3, data), nullptr);
}

TEST_F(Multipath, GivesRequestsBackThatAreCancelled) {
    open();
    a.hang = b.hang = true;
    std::vector<std::byte> data(512);
    std::vector<std::unique_ptr<san::BlockRequest>> requests;
    for (int i = 0; i < 40; ++i) {  // more than are under way at once
        requests.push_back(std::make_unique<san::BlockRequest>());
        start(*requests.back(), Operation::Read, 3, data);
    }
    sleep(10);
    for (auto& request : requests) {
        device->cancel(*request);
        EXPECT_EQ(request->state, State::Idle);
    }
    requests.clear();
    a.hang = b.hang = false;
    expect_reads(a);
}

TEST_F(Multipath, MayGoWithRequestsUnderWay) {
    open();
    a.hang = true;
    std::vector<std::byte> data(512);
    san::BlockRequest request;
    start(request, Operation::Read, 3, data);
    sleep(10);
    device->cancel(request);
    device.reset();
}

}  // namespace
