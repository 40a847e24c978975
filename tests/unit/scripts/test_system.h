// A system to run scripts on: a stack whose NICs are whatever a test plugs in, and an iSCSI target in memory
// behind TCP.
#pragma once

#include <platform/random.h>

#include "net/transport/udp_datagrams.h"
#include "scripts/system.h"
#include "tests/host/boot.h"
#include "tests/host/host.h"
#include "tests/unit/san/fake_target.h"

namespace scripts {

struct HostRandom final : net::Random {
    void fill(util::MutableBytes target) override { platform::random_bytes(target); }
};

struct TestSystem {
    static constexpr std::size_t kPackets = 256;
    TestSystem() { host::machine() = {}; }

    // For destructors of tests that own links: they go before the stack does.
    void unplug() {
        for (std::size_t i = 0; i < stack.interface_count(); ++i) stack.interface(i).close();
    }
    // Once, after the links have been added; run() does it when nobody has, and run_main() does it itself.
    void start() {
        if (std::exchange(started_, true)) return;
        EXPECT_TRUE(system.start().ok());
    }
    // Runs a script; what it printed is in host::console_output().
    util::Result<void> run(std::string_view text, std::string_view name = "test.ipxe") {
        start();
        util::Vector<std::byte> bytes;
        for (char c : text) (void)bytes.push(static_cast<std::byte>(c));
        host::console_output().clear();
        Image* image = system.images.add(name, "", std::move(bytes)).take();
        return system.engine.run_script(*image);
    }
    // Likewise; expects success, and returns what it printed.
    std::string output(std::string_view text) {
        auto status = run(text);
        EXPECT_TRUE(status.ok()) << host::console_output();
        return host::console_output();
    }

    bool started_ = false;
    alignas(64) std::byte memory[kPackets * net::PacketBuffer::kStride];
    util::Loop loop;
    HostRandom random;
    fake::Target target;
    net::PacketPool packets{memory};
    net::Stack stack{loop, packets, random};
    net::UdpDatagrams datagrams{stack};
    san::DriveTable drives{loop};
    System system{{loop, stack, target, datagrams, random, drives}};
};

}  // namespace scripts
