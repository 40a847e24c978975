// Whole scripts from any bytes, as a boot loader hands them over (the command line is what follows a zero
// byte), on a machine without NICs, with somebody at the keyboard who presses Ctrl-C and Ctrl-D.
#include <platform/random.h>

#include <algorithm>
#include <cstdint>
#include <string>

#include "net/transport/udp_datagrams.h"
#include "scripts/handover.h"
#include "scripts/system.h"
#include "tests/host/boot.h"
#include "tests/host/host.h"

namespace {

struct HostRandom final : net::Random {
    void fill(util::MutableBytes target) override { platform::random_bytes(target); }
};
struct NoConnector final : net::Connector {
    util::Result<util::Owned<net::Stream>> connect(const net::Ipv4Endpoint&) override {
        return net::kNoRoute;
    }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    alignas(64) static std::byte memory[16 * net::PacketBuffer::kStride];
    static const std::string keys = [] {
        std::string text;
        for (int i = 0; i < 2000; ++i) text += "\x03\x04";
        return text;
    }();
    host::reset();
    host::machine() = {};
    host::type(keys);
    util::Loop loop;
    HostRandom random;
    NoConnector connector;
    net::PacketPool packets(memory);
    net::Stack stack(loop, packets, random);
    net::UdpDatagrams datagrams(stack);
    san::DriveTable drives(loop);
    scripts::System system({loop, stack, connector, datagrams, random, drives});
    std::string input(reinterpret_cast<const char*>(data), size);
    std::size_t zero = std::min(input.find('\0'), size);
    host::machine().initrd = "#!ipxe\n" + input;
    host::machine().command_line = input.substr(std::min(zero + 1, size));
    if (!system.start().ok()) return 0;
    auto image = scripts::take_handover(system);
    try {
        if (image.ok() && image.value()) (void)system.engine.run_script(*image.value());
    } catch (const host::Rebooted&) {
    }
    return 0;
}
