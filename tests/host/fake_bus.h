// A PCI bus of fake devices, and the memory they may read and write: the host's side of <platform/io.h>,
// pci.h and dma.h.
//
// A driver that does what its data sheet forbids does not crash: the device notes a violation, and the
// fixture of the driver tests fails the test. Nothing here needs a test framework, so that other host
// programs link it too.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "util/bytes.h"

namespace host {

// What drivers have done wrong since the bus was made. Without a bus, a violation panics.
void violation(const std::string& what);
const std::vector<std::string>& violations();
// For tests of the fakes themselves: what has been noted, which then no longer counts.
std::vector<std::string> take_violations();

// Device's view of DMA memory: empty, and a violation, when the range is not within one live allocation.
util::MutableBytes dma_at(std::uint64_t bus_address, std::size_t size);
// From now on dma_allocate finds this many bytes; for tests of running out. Reset by a new bus.
void limit_dma(std::size_t bytes);
// Allocations that are alive: closed drivers own none.
std::size_t dma_allocations();

class FakePciDevice {
  public:
    FakePciDevice(std::uint16_t vendor, std::uint16_t device);
    virtual ~FakePciDevice() = default;

    // Register access within a window, by base address register. size is 1, 2 or 4.
    virtual std::uint32_t read_window(unsigned bar, std::uint32_t offset, unsigned size) = 0;
    virtual void write_window(unsigned bar, std::uint32_t offset, unsigned size, std::uint32_t value) = 0;
    // Configuration space. The default knows the header and lets nobody write more of it than the command
    // register.
    virtual std::uint32_t read_config(std::uint8_t offset, unsigned size);
    virtual void write_config(std::uint8_t offset, unsigned size, std::uint32_t value);

    bool decodes_io() const { return config_[4] & 1; }
    bool decodes_memory() const { return config_[4] & 2; }
    bool is_master() const { return config_[4] & 4; }

    struct Window {
        bool io = false;
        std::uint64_t base = 0;
        std::uint32_t size = 0;
    };
    const std::map<unsigned, Window>& windows() const { return windows_; }
    // What DMA a device does; nothing, and a violation, when it must not.
    util::MutableBytes dma(std::uint64_t bus_address, std::size_t size) const;

  protected:
    void add_io_window(unsigned bar, std::uint16_t base, std::uint32_t size);
    enum class Width { Bits32, Bits64 };
    void add_memory_window(unsigned bar, std::uint64_t base, std::uint32_t size, Width width);
    // Appends a capability behind those there are; returns its offset. The bytes are what follows id and
    // next.
    std::uint8_t add_capability(std::uint8_t id, std::vector<std::uint8_t> bytes);
    void set_config(std::uint8_t offset, unsigned size, std::uint32_t value);
    void decode_ports() { set_config(4, 1, 1); }  // an ISA card always does
    void allow_config_write(std::uint8_t offset, std::uint8_t mask) { writable_[offset] = mask; }

  private:
    std::array<std::uint8_t, 256> config_{};
    std::array<std::uint8_t, 256> writable_{};
    std::map<unsigned, Window> windows_;
    std::uint8_t last_capability_ = 0;
    std::uint8_t next_capability_ = 0x40;
};

struct Accesses {
    unsigned reads = 0, writes = 0;  // of registers, in memory and ports
    bool operator==(const Accesses&) const = default;
};

// One at a time exists; the devices must outlive their being plugged in.
class FakeBus {
  public:
    FakeBus();
    ~FakeBus();
    FakeBus(const FakeBus&) = delete;
    void plug(FakePciDevice& device, std::uint16_t busdevfn);
    void unplug(std::uint16_t busdevfn);
    // A card on the ISA bus, which has no configuration space. A byte read from a port below 400h that nobody has is all
    // ones, as on that bus; a write to one is a violation.
    void plug_isa(FakePciDevice& device);
    // Since the last call.
    Accesses take_accesses();
};

}  // namespace host
