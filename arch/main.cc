// The composition root: makes the firmware's parts and connects them. Nothing else belongs here.
#include <platform/boot.h>
#include <platform/cpu.h>
#include <platform/dma.h>
#include <platform/pci.h>
#include <platform/random.h>

#include <algorithm>
#include <array>

#include "arch/bios/entry.h"
#include "arch/bios/machine.h"
#include "arch/bios/undi_rom.h"
#include "drivers/drivers.h"
#include "embed/embed.h"
#include "net/stack.h"
#include "net/transport/tcp.h"
#include "net/transport/udp_datagrams.h"
#include "san/drive_table.h"
#include "scripts/main.h"
#include "scripts/system.h"
#include "util/loop.h"

namespace arch {

namespace {

class PlatformRandom final : public net::Random {
    void fill(util::MutableBytes target) override { platform::random_bytes(target); }
};

// A 64th of RAM for packets: a quarter of what we may hide. More than this helps no window.
constexpr std::uint64_t kPacketMemoryMaximum = 2 << 20;

util::MutableBytes packet_memory() {
    auto size = static_cast<std::size_t>(std::min<std::uint64_t>(platform::memory_size() / 64, kPacketMemoryMaximum));
    return platform::dma_allocate(size, 64);
}

using Links = std::array<util::Owned<net::Link>, net::Stack::kMaximumInterfaces>;

// Adds one NIC to the stack. One that does not answer is said and left out.
void add_nic(const drivers::Nic& nic, net::PacketPool& packets, net::Stack& stack, Links& links) {
    if (stack.interface_count() == links.size()) return;
    auto link = nic.probe(packets);
    if (!link.ok()) {
        if (nic.is_isa())
            LOG("port %x %v: %s", nic.address.busdevfn, &nic.entry->chip.name, link.failure().text);
        else
            LOG("PCI %02x:%02x.%x %v: %s", nic.address.busdevfn >> 8, nic.address.busdevfn >> 3 & 31,
                nic.address.busdevfn & 7, &nic.entry->chip.name, link.failure().text);
        return;
    }
    util::Owned<net::Link>& place = links[stack.interface_count()];
    place = link.take();
    if (!stack.add(*place).ok()) place.reset();
}

// The NIC that the machine is booting from is net0; the others follow in PCI order.
void add_nics(net::PacketPool& packets, net::Stack& stack, Links& links) {
    auto device = platform::boot_device();
    auto boot_nic = drivers::find_boot_nic(device ? platform::PciAddress{*device} : drivers::kNoAddress);
    if (boot_nic) add_nic(*boot_nic, packets, stack, links);
    for (auto nic = drivers::find_nic({}); nic; nic = drivers::find_next_nic(*nic))
        if (!boot_nic || nic->is_isa() || nic->address != boot_nic->address) add_nic(*nic, packets, stack, links);
}

std::uint8_t read_pci(std::uint16_t busdevfn, std::uint8_t offset) {
    return platform::pci_read8({busdevfn}, offset);
}

bool has_driver(std::string_view name) {
    for (const drivers::DriverEntry& entry : drivers::selected())
        if (entry.chip.driver == name) return true;
    return false;
}

}  // namespace

void main() {
    initialise_machine();
    PlatformRandom random;
    util::Loop loop;
    net::PacketPool packets(packet_memory());
    Links links;
    net::Stack stack(loop, packets, random);
    net::Tcp tcp(stack, loop, random);
    stack.set_protocol(net::Tcp::kProtocol, tcp);
    net::UdpDatagrams datagrams(stack);
    san::DriveTable drives(loop);
    add_nics(packets, stack, links);

    scripts::System system({
        .loop = loop,
        .stack = stack,
        .connector = tcp,
        .datagrams = datagrams,
        .random = random,
        .drives = drives,
        .cpu = platform::cpu_has_cmov() ? scripts::CpuLevel::I686 : scripts::CpuLevel::I486,
        .read_pci = read_pci,
        .has_driver = has_driver,
    });
    if (auto result = scripts::run_main(system, embed::script()); !result.ok()) LOG("%s", result.failure().text);
    if (!drives_published()) {
        for (std::size_t i = 0; i < stack.interface_count(); ++i) stack.interface(i).close();
        if (unload_undi) unload_undi();
        give_back_machine();
    }
    // Not by returning: drives that stay are served by all of the above, and without any it is nobody's memory any more.
    leave();
}

}  // namespace arch
