// The memory of whoever calls us in real mode: everything below 4 GiB but ourselves.
#include "arch/bios/machine.h"
#include "util/guest_memory.h"

namespace arch {
namespace {

class FlatMemory final : public util::GuestMemory {
  public:
    util::MutableBytes map(std::uint64_t address, std::size_t size) override {
        std::uint64_t end = address + size;
        if (end < address || end > std::uint64_t{1} << 32) return {};
        const Resident& block = resident();
        if (overlap(address, end, block.memory_base, block.memory_end)) return {};
        if (overlap(address, end, base_memory_begin(), base_memory_begin() + block.base_memory_kib * 1024u)) return {};
        return {physical<std::byte>(static_cast<std::uint32_t>(address)), size};
    }

  private:
    static bool overlap(std::uint64_t a, std::uint64_t a_end, std::uint64_t b, std::uint64_t b_end) {
        return a < b_end && b < a_end;
    }
};

constinit FlatMemory memory;

}  // namespace

util::GuestMemory& guest_memory() { return memory; }

}  // namespace arch
