// Names in every computed scope, from any bytes, over hostile ACPI tables: always an end, and found means that there is a value.
#include <platform/random.h>

#include <algorithm>
#include <cstdint>
#include <string>

#include "net/transport/udp_datagrams.h"
#include "scripts/settings/scope_table.h"
#include "scripts/system.h"
#include "tests/host/boot.h"
#include "tests/host/host.h"

namespace {

struct HostRandom final : net::Random {
    void fill(util::MutableBytes target) override { platform::random_bytes(target); }
};
struct NoConnector final : net::Connector {
    util::Result<util::Owned<net::Stream>> connect(const net::Ipv4Endpoint&) override { return net::kNoRoute; }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    alignas(64) static std::byte memory[16 * net::PacketBuffer::kStride];
    host::reset();
    host::machine() = {};
    util::Loop loop;
    HostRandom random;
    NoConnector connector;
    net::PacketPool packets(memory);
    net::Stack stack(loop, packets, random);
    net::UdpDatagrams datagrams(stack);
    san::DriveTable drives(loop);
    scripts::System system({.loop = loop, .stack = stack, .connector = connector, .datagrams = datagrams, .random = random, .drives = drives,
                            .read_pci = [](std::uint16_t location, std::uint8_t offset) { return static_cast<std::uint8_t>(location ^ offset); },
                            .has_driver = [](std::string_view name) { return name == "e1000"; }});
    // A name, and behind the line's end a table.
    std::string_view input(reinterpret_cast<const char*>(data), size);
    auto split = util::split_first(input, '\n');
    host::machine().acpi = {"APIC" + std::string(split.after)};
    host::machine().cpuid[0] = {1, 2, 3, 4};
    for (const scripts::ScopeRow& row : scripts::scope_rows()) {
        std::string name = std::string(row.name) + "/" + std::string(split.before);
        auto reference = scripts::SettingReference::parse(name);
        if (!reference.ok()) continue;
        scripts::SettingValue value;
        auto found = system.settings.fetch(reference.value(), value);
        ASSERT(!found.ok() || found.value() == !value.bytes.empty());
        util::String text;
        ASSERT(scripts::format_setting(value.type, value.bytes.view(), text).ok());
    }
    return 0;
}
