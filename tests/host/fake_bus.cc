#include "tests/host/fake_bus.h"

#include <platform/dma.h>
#include <platform/io.h>
#include <platform/pci.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "util/assert.h"

namespace host {

namespace {

// Bus addresses are far from pointers, and from each other's values, on purpose.
constexpr std::uint64_t kArenaBusBase = 0x10000000;
constexpr std::size_t kArenaSize = 32 << 20;

struct BusState {
    std::map<std::uint16_t, FakePciDevice*> devices;
    std::vector<FakePciDevice*> isa;
    std::vector<std::string> violations;
    Accesses accesses;
};
BusState* g_bus;

struct Arena {
    std::byte* memory = static_cast<std::byte*>(std::aligned_alloc(65536, kArenaSize));
    std::map<std::size_t, std::size_t> live;  // offset to size
    std::size_t limit = kArenaSize;
    std::size_t used() const {
        std::size_t sum = 0;
        for (auto [offset, size] : live) sum += size;
        return sum;
    }
};
Arena& arena() {
    static Arena* instance = new Arena;
    return *instance;
}

std::string hex(std::uint64_t value) {
    char text[24];
    std::snprintf(text, sizeof text, "%llx", static_cast<unsigned long long>(value));
    return text;
}

struct Target {
    FakePciDevice* device = nullptr;
    unsigned bar = 0;
    std::uint32_t offset = 0;
};

Target find_target(bool io, std::uint64_t address, unsigned size, bool floats = false) {
    if (!g_bus) util::panic("register access without a fake bus");
    std::vector<FakePciDevice*> all = g_bus->isa;
    for (auto [busdevfn, device] : g_bus->devices) all.push_back(device);
    for (FakePciDevice* device : all) {
        if (io ? !device->decodes_io() : !device->decodes_memory()) continue;
        for (auto& [bar, window] : device->windows())
            if (window.io == io && address >= window.base && address - window.base + size <= window.size)
                return {device, bar, static_cast<std::uint32_t>(address - window.base)};
    }
    if (!floats) violation((io ? "nobody claims port " : "nobody claims address ") + hex(address));
    return {};
}

std::uint32_t read_register(bool io, std::uint64_t address, unsigned size) {
    constexpr std::uint64_t kIsaPorts = 0x400;
    Target target = find_target(io, address, size, io && address < kIsaPorts && size == 1);
    if (!io && address >> 32) violation("a 32-bit program reads above 4 GiB");
    ++g_bus->accesses.reads;
    return target.device ? target.device->read_window(target.bar, target.offset, size) : 0xffffffff;
}

void write_register(bool io, std::uint64_t address, unsigned size, std::uint32_t value) {
    Target target = find_target(io, address, size);
    if (!io && address >> 32) violation("a 32-bit program writes above 4 GiB");
    ++g_bus->accesses.writes;
    if (target.device) target.device->write_window(target.bar, target.offset, size, value);
}

FakePciDevice* device_at(std::uint16_t busdevfn) {
    if (!g_bus) return nullptr;
    auto found = g_bus->devices.find(busdevfn);
    return found == g_bus->devices.end() ? nullptr : found->second;
}

}  // namespace

void violation(const std::string& what) {
    if (!g_bus) util::panic(what.c_str());
    g_bus->violations.push_back(what);
}

const std::vector<std::string>& violations() {
    ASSERT(g_bus);
    return g_bus->violations;
}

std::vector<std::string> take_violations() {
    return std::exchange(g_bus->violations, {});
}

util::MutableBytes dma_at(std::uint64_t bus_address, std::size_t size) {
    if (bus_address >= kArenaBusBase && bus_address - kArenaBusBase < kArenaSize) {
        std::size_t offset = static_cast<std::size_t>(bus_address - kArenaBusBase);
        auto above = arena().live.upper_bound(offset);
        if (above != arena().live.begin()) {
            auto [start, length] = *std::prev(above);
            if (offset - start <= length && size <= length - (offset - start))
                return {arena().memory + offset, size};
        }
    }
    violation("DMA to " + hex(bus_address) + ", size " + std::to_string(size) + ", which is no DMA memory");
    return {};
}

void limit_dma(std::size_t bytes) {
    arena().limit = bytes;
}
std::size_t dma_allocations() {
    return arena().live.size();
}

FakePciDevice::FakePciDevice(std::uint16_t vendor, std::uint16_t device) {
    set_config(0x00, 2, vendor);
    set_config(0x02, 2, device);
    set_config(0x0a, 2, 0x0200);  // Ethernet controller
    allow_config_write(0x04, 0x07);
}

std::uint32_t FakePciDevice::read_config(std::uint8_t offset, unsigned size) {
    std::uint32_t value = 0;
    for (unsigned i = 0; i < size; ++i) value |= std::uint32_t{config_[offset + i]} << (8 * i);
    return value;
}

void FakePciDevice::write_config(std::uint8_t offset, unsigned size, std::uint32_t value) {
    for (unsigned i = 0; i < size; ++i) {
        auto byte = static_cast<std::uint8_t>(value >> (8 * i));
        std::uint8_t& current = config_[offset + i];
        if ((byte ^ current) & ~writable_[offset + i])
            violation("configuration space: write of " + hex(byte) + " at " + hex(offset + i) +
                      ", which has " + hex(current));
        current =
            static_cast<std::uint8_t>((current & ~writable_[offset + i]) | (byte & writable_[offset + i]));
    }
}

util::MutableBytes FakePciDevice::dma(std::uint64_t bus_address, std::size_t size) const {
    if (is_master()) return dma_at(bus_address, size);
    violation("DMA while bus mastering is off");
    return {};
}

void FakePciDevice::set_config(std::uint8_t offset, unsigned size, std::uint32_t value) {
    for (unsigned i = 0; i < size; ++i) config_[offset + i] = static_cast<std::uint8_t>(value >> (8 * i));
}

void FakePciDevice::add_io_window(unsigned bar, std::uint16_t base, std::uint32_t size) {
    windows_[bar] = {true, base, size};
    set_config(static_cast<std::uint8_t>(0x10 + 4 * bar), 4, base | 1u);
}

void FakePciDevice::add_memory_window(unsigned bar, std::uint64_t base, std::uint32_t size, Width width) {
    windows_[bar] = {false, base, size};
    auto offset = static_cast<std::uint8_t>(0x10 + 4 * bar);
    set_config(offset, 4, static_cast<std::uint32_t>(base) | (width == Width::Bits64 ? 4u : 0u));
    if (width == Width::Bits64) set_config(offset + 4, 4, static_cast<std::uint32_t>(base >> 32));
}

std::uint8_t FakePciDevice::add_capability(std::uint8_t id, std::vector<std::uint8_t> bytes) {
    std::uint8_t at = next_capability_;
    set_config(last_capability_ ? last_capability_ + 1 : 0x34, 1, at);
    set_config(0x06, 2, read_config(0x06, 2) | 1u << 4);
    set_config(at, 1, id);
    for (unsigned i = 0; i < bytes.size(); ++i)
        set_config(static_cast<std::uint8_t>(at + 2 + i), 1, bytes[i]);
    last_capability_ = at;
    next_capability_ = static_cast<std::uint8_t>((at + 2 + bytes.size() + 3) & ~3u);
    return at;
}

FakeBus::FakeBus() {
    ASSERT(!g_bus);
    g_bus = new BusState;
    arena().limit = kArenaSize;
}

void FakeBus::plug_isa(FakePciDevice& device) {
    g_bus->isa.push_back(&device);
}
FakeBus::~FakeBus() {
    delete std::exchange(g_bus, nullptr);
}
void FakeBus::plug(FakePciDevice& device, std::uint16_t busdevfn) {
    g_bus->devices[busdevfn] = &device;
}
void FakeBus::unplug(std::uint16_t busdevfn) {
    g_bus->devices.erase(busdevfn);
}
Accesses FakeBus::take_accesses() {
    return std::exchange(g_bus->accesses, {});
}

}  // namespace host

namespace platform {

using namespace host;

std::uint8_t in8(std::uint16_t port) {
    return static_cast<std::uint8_t>(read_register(true, port, 1));
}
std::uint16_t in16(std::uint16_t port) {
    return static_cast<std::uint16_t>(read_register(true, port, 2));
}
std::uint32_t in32(std::uint16_t port) {
    return read_register(true, port, 4);
}
void out8(std::uint16_t port, std::uint8_t value) {
    write_register(true, port, 1, value);
}
void out16(std::uint16_t port, std::uint16_t value) {
    write_register(true, port, 2, value);
}
void out32(std::uint16_t port, std::uint32_t value) {
    write_register(true, port, 4, value);
}

std::uint8_t Mmio::read8(std::uint32_t offset) const {
    return static_cast<std::uint8_t>(read_register(false, base_ + offset, 1));
}
std::uint16_t Mmio::read16(std::uint32_t offset) const {
    return static_cast<std::uint16_t>(read_register(false, base_ + offset, 2));
}
std::uint32_t Mmio::read32(std::uint32_t offset) const {
    return read_register(false, base_ + offset, 4);
}
void Mmio::write8(std::uint32_t offset, std::uint8_t value) const {
    write_register(false, base_ + offset, 1, value);
}
void Mmio::write16(std::uint32_t offset, std::uint16_t value) const {
    write_register(false, base_ + offset, 2, value);
}
void Mmio::write32(std::uint32_t offset, std::uint32_t value) const {
    write_register(false, base_ + offset, 4, value);
}

static std::uint32_t pci_read(PciAddress address, std::uint8_t offset, unsigned size) {
    if (offset % size) violation("configuration space: unaligned read at " + hex(offset));
    FakePciDevice* device = device_at(address.busdevfn);
    return device ? device->read_config(offset, size) : 0xffffffff;
}
static void pci_write(PciAddress address, std::uint8_t offset, unsigned size, std::uint32_t value) {
    if (offset % size) violation("configuration space: unaligned write at " + hex(offset));
    if (FakePciDevice* device = device_at(address.busdevfn)) device->write_config(offset, size, value);
}
std::uint8_t pci_read8(PciAddress address, std::uint8_t offset) {
    return static_cast<std::uint8_t>(pci_read(address, offset, 1));
}
std::uint16_t pci_read16(PciAddress address, std::uint8_t offset) {
    return static_cast<std::uint16_t>(pci_read(address, offset, 2));
}
std::uint32_t pci_read32(PciAddress address, std::uint8_t offset) {
    return pci_read(address, offset, 4);
}
void pci_write8(PciAddress address, std::uint8_t offset, std::uint8_t value) {
    pci_write(address, offset, 1, value);
}
void pci_write16(PciAddress address, std::uint8_t offset, std::uint16_t value) {
    pci_write(address, offset, 2, value);
}
void pci_write32(PciAddress address, std::uint8_t offset, std::uint32_t value) {
    pci_write(address, offset, 4, value);
}

std::optional<PciAddress> pci_next(PciAddress from) {
    if (!g_bus) return std::nullopt;
    auto at = g_bus->devices.lower_bound(from.busdevfn);
    if (at == g_bus->devices.end()) return std::nullopt;
    return PciAddress{at->first};
}

util::MutableBytes dma_allocate(std::size_t size, std::size_t alignment) {
    ASSERT(alignment && !(alignment & (alignment - 1)) && alignment <= 65536);
    Arena& a = arena();
    if (size == 0 || a.used() + size > a.limit) return {};
    // First fit, with a gap behind, so that overruns meet nobody.
    std::size_t at = 0;
    for (auto [offset, length] : a.live) {
        if (at + size + 64 <= offset) break;
        at = (offset + length + 64 + alignment - 1) & ~(alignment - 1);
    }
    if (at + size > kArenaSize) return {};
    a.live[at] = size;
    std::memset(a.memory + at, 0, size);
    return {a.memory + at, size};
}

void dma_free(util::MutableBytes memory) {
    auto found = arena().live.find(static_cast<std::size_t>(memory.data() - arena().memory));
    if (found == arena().live.end() || found->second != memory.size())
        return violation("freeing DMA memory that is none");
    std::memset(memory.data(), 0xdd, memory.size());
    arena().live.erase(found);
}

std::uint64_t bus_address(const void* memory) {
    auto* at = static_cast<const std::byte*>(memory);
    if (at < arena().memory || at >= arena().memory + kArenaSize) {
        violation("bus address of memory that is no DMA memory");
        return 0;
    }
    return kArenaBusBase + static_cast<std::size_t>(at - arena().memory);
}

void dma_barrier() {
    asm volatile("" ::: "memory");
}

}  // namespace platform
