// The initiator against tgtd and istgt: what they negotiate, and what becomes of data.
#include <gtest/gtest.h>
#include <platform/random.h>
#include <unistd.h>

#include <fstream>

#include "san/iscsi_device.h"
#include "san/iscsi_failures.h"
#include "san/multipath_device.h"
#include "tests/host/posix_stream.h"
#include "tests/targets/real_target.h"

namespace {

using san::BlockRequest;
using san::Diagnosis;
using san::IscsiConfig;
using san::IscsiDevice;
using util::Duration;

class PlatformRandom final : public net::Random {
    void fill(util::MutableBytes target) override { platform::random_bytes(target); }
};

struct World {
    util::Loop loop;
    host::PosixConnector connector;
    PlatformRandom random;
    san::IscsiContext context{loop, connector, random};
    Diagnosis diagnosis;

    static IscsiConfig config(int port, const std::string& lun, const char* target) {
        IscsiConfig config;
        std::string uri = "iscsi:127.0.0.1:tcp:" + std::to_string(port) + ":" + lun + ":" + target;
        auto parsed = san::parse_iscsi_uri(uri);
        EXPECT_TRUE(parsed.ok());
        config.uri = parsed.take();
        config.initiator_name.text("iqn.2020-01.test.sanpiper:host");
        config.isid = {0x00, 0x12, 0x34, 0x56, 0x78, 0x80};
        return config;
    }
    util::Owned<IscsiDevice> open(const IscsiConfig& config) {
        auto device = IscsiDevice::open(context, config, diagnosis);
        if (!device.ok()) {
            failure = &device.failure();
            return nullptr;
        }
        return device.take();
    }
    std::string why() const {
        return std::string(diagnosis.stage) + " | " + std::string(diagnosis.what.view()) + " | " +
               std::string(diagnosis.hint.view());
    }
    bool run(IscsiDevice& device, BlockRequest::Operation operation, std::uint64_t lba, std::vector<std::byte>& data) {
        BlockRequest request;
        request.operation = operation;
        request.lba = lba;
        request.data = data;
        request.count = static_cast<std::uint32_t>(data.size() / device.geometry().block_size);
        device.submit(request);
        auto waited = loop.run_until([&] { return request.state != BlockRequest::State::Pending; },
                                     loop.now() + Duration::seconds(60));
        if (!waited.ok()) device.cancel(request);
        if (request.failure) failure = request.failure;
        return request.state == BlockRequest::State::Done;
    }
    const util::Failure* failure = nullptr;
};

bool is_pattern(const std::vector<std::byte>& data, std::size_t offset) {
    for (std::size_t i = 0; i < data.size(); ++i)
        if (data[i] != targets::pattern(offset + i)) return false;
    return true;
}

std::vector<std::byte> file_bytes(const std::string& path, std::size_t offset, std::size_t size) {
    std::vector<std::byte> bytes(size);
    std::ifstream file(path, std::ios::binary);
    file.seekg(static_cast<std::streamoff>(offset));
    file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size));
    return bytes;
}

void read_whole(World& world, IscsiDevice& device, std::size_t chunk) {
    std::uint32_t block = device.geometry().block_size;
    std::size_t size = device.geometry().blocks * block;
    constexpr std::size_t kAtOnce = 8;
    std::vector<std::byte> data[kAtOnce];
    BlockRequest requests[kAtOnce];
    for (std::size_t offset = 0; offset < size;) {
        std::size_t start = offset, used = 0;
        for (; used < kAtOnce && offset < size; ++used) {
            data[used].assign(std::min(chunk, size - offset), std::byte{});
            requests[used].operation = BlockRequest::Operation::Read;
            requests[used].lba = offset / block;
            requests[used].data = data[used];
            requests[used].count = static_cast<std::uint32_t>(data[used].size() / block);
            device.submit(requests[used]);
            offset += data[used].size();
        }
        for (std::size_t i = 0; i < used; ++i) {
            auto waited = world.loop.run_until([&] { return requests[i].state != BlockRequest::State::Pending; },
                                               world.loop.now() + Duration::seconds(20));
            ASSERT_TRUE(waited.ok());
            ASSERT_EQ(requests[i].state, BlockRequest::State::Done);
            ASSERT_TRUE(is_pattern(data[i], start));
            start += data[i].size();
        }
    }
}

void write_and_check(World& world, IscsiDevice& device, const std::string& disk, std::uint64_t lba, std::size_t size) {
    std::vector<std::byte> data(size);
    platform::random_bytes(data);
    ASSERT_TRUE(world.run(device, BlockRequest::Operation::Write, lba, data));
    std::vector<std::byte> none;
    ASSERT_TRUE(world.run(device, BlockRequest::Operation::Flush, 0, none));
    std::vector<std::byte> back(size);
    ASSERT_TRUE(world.run(device, BlockRequest::Operation::Read, lba, back));
    EXPECT_EQ(back, data);
    EXPECT_EQ(file_bytes(disk, lba * device.geometry().block_size, size), data);
}

#define SKIP_WITHOUT(program) \
    if (!targets::installed(program) || geteuid() != 0) GTEST_SKIP() << program " as root is needed"

TEST(RealTgt, ReadsAndWritesADisk) {
    SKIP_WITHOUT("tgtd");
    targets::Tgt target;
    ASSERT_TRUE(target.start());
    World world;
    auto device = world.open(World::config(target.port(), "1", targets::Tgt::kTarget));
    ASSERT_TRUE(device) << world.why();
    EXPECT_EQ(device->geometry().block_size, 512u);
    EXPECT_EQ(device->geometry().blocks, (8u << 20) / 512);
    EXPECT_FALSE(device->geometry().read_only);
    read_whole(world, *device, 65024);
    read_whole(world, *device, 262144);
    write_and_check(world, *device, target.disk(), 100, 512);
    write_and_check(world, *device, target.disk(), 300, 65024);
    write_and_check(world, *device, target.disk(), 1000, 262144);
    device->close();
}

TEST(RealTgt, WritesWithEveryMixOfImmediateAndUnsolicitedData) {
    SKIP_WITHOUT("tgtd");
    for (const char* immediate : {"Yes", "No"}) {
        for (const char* r2t : {"Yes", "No"}) {
            targets::Tgt target;
            target.parameters = {std::string("ImmediateData=") + immediate, std::string("InitialR2T=") + r2t,
                                 "FirstBurstLength=16384", "MaxBurstLength=65536", "MaxRecvDataSegmentLength=8192"};
            ASSERT_TRUE(target.start());
            World world;
            auto device = world.open(World::config(target.port(), "1", targets::Tgt::kTarget));
            ASSERT_TRUE(device) << world.why();
            write_and_check(world, *device, target.disk(), 1000, 262144);
            write_and_check(world, *device, target.disk(), 5, 4096);
        }
    }
}

TEST(RealTgt, ChecksDigestsBothWays) {
    SKIP_WITHOUT("tgtd");
    targets::Tgt target;
    target.parameters = {"HeaderDigest=CRC32C", "DataDigest=CRC32C"};
    ASSERT_TRUE(target.start());
    World world;
    IscsiConfig config = World::config(target.port(), "1", targets::Tgt::kTarget);
    config.header_digest = config.data_digest = san::DigestWish::Crc32c;
    auto device = world.open(config);
    ASSERT_TRUE(device) << world.why();
    read_whole(world, *device, 65024);
    write_and_check(world, *device, target.disk(), 1000, 262144);
}

TEST(RealTgt, LogsInWithChap) {
    SKIP_WITHOUT("tgtd");
    targets::Tgt target;
    target.credentials = {"user", "initiatorsecret", "", ""};
    ASSERT_TRUE(target.start());
    World world;
    IscsiConfig config = World::config(target.port(), "1", targets::Tgt::kTarget);
    EXPECT_FALSE(world.open(config));
    EXPECT_EQ(world.failure, &san::kAuthenticationFailed) << world.why();
    config.chap.name.text("user");
    config.chap.secret.text("wrongsecret000");
    EXPECT_FALSE(world.open(config));
    EXPECT_EQ(world.failure, &san::kAuthenticationFailed) << world.why();
    config.chap.secret.clear();
    config.chap.secret.text("initiatorsecret");
    auto device = world.open(config);
    ASSERT_TRUE(device) << world.why();
    EXPECT_EQ(device->chap_used(), san::ChapUsed::OneWay);
}

TEST(RealTgt, LogsInWithMutualChap) {
    SKIP_WITHOUT("tgtd");
    targets::Tgt target;
    target.credentials = {"user", "initiatorsecret", "target", "targetsecret0"};
    ASSERT_TRUE(target.start());
    World world;
    IscsiConfig config = World::config(target.port(), "1", targets::Tgt::kTarget);
    config.chap.name.text("user");
    config.chap.secret.text("initiatorsecret");
    config.reverse_chap.name.text("target");
    config.reverse_chap.secret.text("someoneelse00");
    EXPECT_FALSE(world.open(config));
    EXPECT_EQ(world.failure, &san::kTargetNotAuthentic) << world.why();
    config.reverse_chap.secret.clear();
    config.reverse_chap.secret.text("targetsecret0");
    auto device = world.open(config);
    ASSERT_TRUE(device) << world.why();
    EXPECT_EQ(device->chap_used(), san::ChapUsed::Mutual);
}

TEST(RealTgt, OpensCdsLargeBlocksAndReadOnlyDisks) {
    SKIP_WITHOUT("tgtd");
    targets::Tgt target;
    ASSERT_TRUE(target.start());
    World world;
    auto cd = world.open(World::config(target.port(), "2", targets::Tgt::kTarget));
    ASSERT_TRUE(cd) << world.why();
    EXPECT_EQ(cd->geometry().block_size, 2048u);
    EXPECT_TRUE(cd->geometry().is_cdrom);
    EXPECT_TRUE(cd->geometry().read_only);
    read_whole(world, *cd, 65536);
    IscsiConfig config = World::config(target.port(), "3", targets::Tgt::kTarget);
    config.isid[5] = 0x81;
    auto large = world.open(config);
    ASSERT_TRUE(large) << world.why();
    EXPECT_EQ(large->geometry().block_size, 4096u);
    read_whole(world, *large, 65536);
    config = World::config(target.port(), "4", targets::Tgt::kTarget);
    config.isid[5] = 0x82;
    auto read_only = world.open(config);
    ASSERT_TRUE(read_only) << world.why();
    EXPECT_TRUE(read_only->geometry().read_only);
}

TEST(RealTgt, SaysWhatIsWrongWithTheLunOrTheTarget) {
    SKIP_WITHOUT("tgtd");
    targets::Tgt target;
    ASSERT_TRUE(target.start());
    World world;
    EXPECT_FALSE(world.open(World::config(target.port(), "0", targets::Tgt::kTarget)));
    EXPECT_EQ(world.failure, &san::kNotADisk);
    EXPECT_NE(world.why().find("try LUN 1"), std::string::npos) << world.why();
    EXPECT_FALSE(world.open(World::config(target.port(), "9", targets::Tgt::kTarget)));
    EXPECT_EQ(world.failure, &san::kNoSuchLun) << world.why();
    EXPECT_NE(world.why().find("LUNs that exist: 0, 1, 2, 3, 4"), std::string::npos) << world.why();
    EXPECT_FALSE(world.open(World::config(target.port(), "1", "iqn.2020-01.test.sanpiper:wrong")));
    EXPECT_EQ(world.failure, &san::kTargetNotFound) << world.why();
    target.stop();
    EXPECT_FALSE(world.open(World::config(target.port(), "1", targets::Tgt::kTarget)));
    EXPECT_EQ(std::string(world.diagnosis.stage), "connect") << world.why();
}

TEST(RealTgt, RidesThroughARestartInTheMiddleOfReadsAndWrites) {
    SKIP_WITHOUT("tgtd");
    targets::Tgt target;
    ASSERT_TRUE(target.start());
    World world;
    auto device = world.open(World::config(target.port(), "1", targets::Tgt::kTarget));
    ASSERT_TRUE(device) << world.why();
    std::vector<std::byte> reads[6], writes[6];
    BlockRequest requests[12];
    for (std::size_t i = 0; i < 12; ++i) {
        bool is_read = i % 2 == 0;
        auto& data = is_read ? reads[i / 2] : writes[i / 2];
        data.resize(262144);
        if (!is_read) platform::random_bytes(data);
        requests[i].operation = is_read ? BlockRequest::Operation::Read : BlockRequest::Operation::Write;
        requests[i].lba = i * 512;
        requests[i].count = 512;
        requests[i].data = data;
        device->submit(requests[i]);
    }
    for (int i = 0; i < 20; ++i) world.loop.poll_once();  // some are on their way
    target.stop();
    (void)world.loop.sleep(Duration::milliseconds(700));
    EXPECT_TRUE(device->reconnecting());
    ASSERT_TRUE(target.start());
    for (BlockRequest& request : requests) {
        auto waited = world.loop.run_until([&] { return request.state != BlockRequest::State::Pending; },
                                           world.loop.now() + Duration::seconds(30));
        ASSERT_TRUE(waited.ok());
        ASSERT_EQ(request.state, BlockRequest::State::Done) << request.failure->text;
    }
    EXPECT_EQ(device->generation(), 1u);
    for (std::size_t i = 0; i < 12; ++i) {
        std::size_t offset = i * 262144;
        if (i % 2 == 0) EXPECT_TRUE(is_pattern(reads[i / 2], offset)) << i;
        else EXPECT_EQ(file_bytes(target.disk(), offset, 262144), writes[i / 2]) << i;
    }
}

TEST(RealTgt, ReadsAndWritesGoOnByAnotherPortalWhenOneDies) {
    SKIP_WITHOUT("tgtd");
    targets::Tgt first, second(first.disk());
    ASSERT_TRUE(first.start());
    ASSERT_TRUE(second.start());
    World world;
    san::MultipathDevice device(world.loop);
    std::uint8_t path = 0;
    for (targets::Tgt* target : {&first, &second}) {
        IscsiConfig config = World::config(target->port(), "1", targets::Tgt::kTarget);
        config.isid[4] = ++path;
        auto begun = IscsiDevice::begin(world.context, config);
        ASSERT_TRUE(begun.ok());
        ASSERT_TRUE(device.add(begun.take()).ok());
    }
    ASSERT_TRUE(device.open().ok());
    ASSERT_TRUE(device.leads_here(0) && device.leads_here(1));
    std::vector<std::byte> reads[12], writes[12];
    BlockRequest requests[24];
    for (std::size_t i = 0; i < 24; ++i) {
        bool is_read = i % 2 == 0;
        auto& data = is_read ? reads[i / 2] : writes[i / 2];
        data.resize(262144);
        if (!is_read) platform::random_bytes(data);
        requests[i].operation = is_read ? BlockRequest::Operation::Read : BlockRequest::Operation::Write;
        requests[i].lba = i * 512;
        requests[i].count = 512;
        requests[i].data = data;
        device.submit(requests[i]);
    }
    auto is_done = [](const BlockRequest& request) { return request.state != BlockRequest::State::Pending; };
    ASSERT_TRUE(world.loop.run_until([&] { return is_done(requests[0]); }, world.loop.now() + Duration::seconds(20)).ok());
    std::size_t used = device.active();
    (used ? second : first).stop();
    for (BlockRequest& request : requests) {
        ASSERT_TRUE(world.loop.run_until([&] { return is_done(request); }, world.loop.now() + Duration::seconds(20)).ok());
        ASSERT_EQ(request.state, BlockRequest::State::Done) << request.failure->text;
    }
    EXPECT_NE(device.active(), used);
    for (std::size_t i = 0; i < 24; ++i) {
        std::size_t offset = i * 262144;
        if (i % 2 == 0) EXPECT_TRUE(is_pattern(reads[i / 2], offset)) << i;
        else EXPECT_EQ(file_bytes(first.disk(), offset, 262144), writes[i / 2]) << i;
    }
}

TEST(RealIstgt, ReadsAndWritesADisk) {
    SKIP_WITHOUT("istgt");
    targets::Istgt target;
    ASSERT_TRUE(target.start());
    World world;
    auto device = world.open(World::config(target.port(), "0", targets::Istgt::kTarget));
    ASSERT_TRUE(device) << world.why();
    read_whole(world, *device, 65024);
    write_and_check(world, *device, target.disk(), 300, 65024);
    write_and_check(world, *device, target.disk(), 1000, 262144);
    device->close();
}

TEST(RealIstgt, LogsInWithMutualChapAndDigests) {
    SKIP_WITHOUT("istgt");
    targets::Istgt target;
    ASSERT_TRUE(target.start());
    World world;
    IscsiConfig config = World::config(target.port(), "0", targets::Istgt::kTarget);
    config.header_digest = config.data_digest = san::DigestWish::Crc32c;
    config.chap.name.text("user");
    config.chap.secret.text("initiatorsecret");
    config.reverse_chap.name.text("target");
    config.reverse_chap.secret.text("targetsecret0");
    auto device = world.open(config);
    ASSERT_TRUE(device) << world.why();
    EXPECT_EQ(device->chap_used(), san::ChapUsed::Mutual);
    read_whole(world, *device, 65024);
    write_and_check(world, *device, target.disk(), 1000, 262144);
}

TEST(RealIstgt, RidesThroughARestart) {
    SKIP_WITHOUT("istgt");
    targets::Istgt target;
    ASSERT_TRUE(target.start());
    World world;
    auto device = world.open(World::config(target.port(), "0", targets::Istgt::kTarget));
    ASSERT_TRUE(device) << world.why();
    target.stop();
    (void)world.loop.sleep(Duration::milliseconds(300));
    ASSERT_TRUE(target.start());
    std::vector<std::byte> data(65024);
    ASSERT_TRUE(world.run(*device, BlockRequest::Operation::Read, 10, data));
    EXPECT_TRUE(is_pattern(data, 10 * 512));
}

}  // namespace
