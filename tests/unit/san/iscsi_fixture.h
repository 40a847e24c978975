// An IscsiDevice in front of a fake target, in virtual time.
#pragma once

#include <gtest/gtest.h>

#include "san/iscsi_device.h"
#include "san/iscsi_failures.h"
#include "tests/host/host.h"
#include "tests/unit/san/fake_target.h"

namespace fake {

inline constexpr const char* kTargetName = "iqn.2020-01.test:target";
inline constexpr const char* kInitiatorName = "iqn.2020-01.test:initiator";

class Random final : public net::Random {
    void fill(util::MutableBytes target) override {
        for (std::byte& b : target) b = static_cast<std::byte>(next_++);
    }
    unsigned next_ = 1;
};

class Resolver final : public san::HostResolver {
  public:
    void resolve(std::string_view name) override {
        asked.emplace_back(name);
        result.reset();
    }
    const util::Result<net::Ipv4Address>* answer() override {
        if (!result && !silent) {
            if (known) result.emplace(*known);
            else result.emplace(util::kNotFound);
        }
        return result ? &*result : nullptr;
    }
    std::vector<std::string> asked;
    std::optional<net::Ipv4Address> known;
    bool silent = false;

  private:
    std::optional<util::Result<net::Ipv4Address>> result;
};

class IscsiTest : public testing::Test {
  protected:
    using Operation = san::BlockRequest::Operation;
    using State = san::BlockRequest::State;

    IscsiTest() {
        loop.add(target);
        config.initiator_name.text(kInitiatorName);
        config.isid = {0x12, 0x34, 0x56, 0x78, 0x9a, 0x80};
        use("iscsi:192.0.2.1:::1:" + std::string(kTargetName));
    }
    void use(const std::string& uri) {
        auto parsed = san::parse_iscsi_uri(uri);
        ASSERT_TRUE(parsed.ok());
        config.uri = parsed.take();
    }
    void use_chap() {
        target.user = "user", target.secret = "initiatorsecret";
        config.chap.name.text("user");
        config.chap.secret.text("initiatorsecret");
    }
    void use_mutual_chap() {
        use_chap();
        target.reverse_user = "target", target.reverse_secret = "targetsecret0";
        config.reverse_chap.name.text("target");
        config.reverse_chap.secret.text("targetsecret0");
    }
    void open() {
        auto opened = try_open();
        ASSERT_EQ(opened, nullptr) << opened->text << ": " << why();
    }
    // Null when it went well.
    const util::Failure* try_open() {
        device.reset();
        san::IscsiContext context{loop, target, random, &resolver};
        auto opened = san::IscsiDevice::open(context, config, diagnosis);
        if (!opened.ok()) return &opened.failure();
        device = opened.take();
        return nullptr;
    }
    std::string why() const {
        return std::string(diagnosis.stage) + " | " + std::string(diagnosis.what.view()) + " | " +
               std::string(diagnosis.hint.view());
    }
    void start(san::BlockRequest& request, Operation operation, std::uint64_t lba, std::vector<std::byte>& data) {
        request.operation = operation;
        request.lba = lba;
        request.data = data;
        request.count = static_cast<std::uint32_t>(data.size() / device->geometry().block_size);
        device->submit(request);
    }
    State wait(san::BlockRequest& request, int seconds = 700) {
        (void)loop.run_until([&] { return request.state != State::Pending; },
                             loop.now() + util::Duration::seconds(seconds));
        return request.state;
    }
    // Runs one request to its end; its failure is left in `failure`.
    bool run(Operation operation, std::uint64_t lba, std::vector<std::byte>& data) {
        san::BlockRequest request;
        start(request, operation, lba, data);
        bool done = wait(request) == State::Done;
        failure = request.failure;
        failed_lba = request.failed_lba;
        if (request.state == State::Pending) device->cancel(request);
        return done;
    }
    std::vector<std::byte> disk(std::uint64_t lba, std::size_t size, unsigned unit = 1) {
        auto& bytes = target.units[unit].disk;
        auto at = bytes.begin() + static_cast<std::ptrdiff_t>(lba * target.units[unit].block_size);
        return {at, at + static_cast<std::ptrdiff_t>(size)};
    }
    std::vector<std::byte> random_data(std::size_t size) {
        std::vector<std::byte> data(size);
        for (std::size_t i = 0; i < size; ++i) data[i] = static_cast<std::byte>(i * 13 + i / 256 + size);
        return data;
    }
    void expect_reads() {
        std::vector<std::byte> data(65024);
        EXPECT_TRUE(run(Operation::Read, 3, data));
        EXPECT_EQ(data, disk(3, data.size()));
    }
    void expect_writes(std::size_t size = 65024) {
        auto data = random_data(size);
        EXPECT_TRUE(run(Operation::Write, 7, data)) << (failure ? failure->text : "");
        EXPECT_EQ(data, disk(7, data.size()));
    }
    void sleep(int milliseconds) { (void)loop.sleep(util::Duration::milliseconds(milliseconds)); }

    util::Loop loop;
    Target target;
    Random random;
    Resolver resolver;
    san::IscsiConfig config;
    san::Diagnosis diagnosis;
    util::Owned<san::IscsiDevice> device;
    const util::Failure* failure = nullptr;
    std::uint64_t failed_lba = 0;
};

}  // namespace fake
