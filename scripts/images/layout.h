// Finding places for what is started: in RAM that is nobody else's, and not on top of one another. And the order of copying
// that gets everything there.
#pragma once

#include <platform/memory.h>

#include "scripts/images/boot_plan.h"

namespace scripts {

inline constexpr util::Failure kNoRoom{util::code::kScript + 81, "not enough memory to start it"};
inline constexpr util::Failure kBadPlace{util::code::kScript + 181, "it cannot be put where it must be"};

class Layout {
  public:
    // Memory that the map calls RAM, below 4 GiB; below 1 MiB what a program may use. Everything placed becomes a block of
    // the plan; failures explain themselves in its detail. Sizes are those of things in memory: their sums do not overflow.
    explicit Layout(BootPlan& plan) : plan_(plan) {}

    // Puts bytes at their address, with zeros up to `size`. Failure: kNoRoom; kBadPlace: what is there is no free RAM, or another part of
    // the plan; out of memory.
    util::Result<void> put(std::uint32_t target, std::uint32_t size, util::Bytes source);
    // Keeps memory free that the program will use itself.
    util::Result<void> reserve(std::uint32_t target, std::uint32_t size);
    // The highest free place of that size that ends at or below `limit`; nothing is put there yet. Alignment: a power of two.
    // `what` it is for, with a blank behind, begins what is said when there is none.
    util::Result<std::uint32_t> find_high(std::uint32_t size, std::uint32_t alignment, std::uint32_t limit = kNoLimit, const char* what = "");
    static constexpr std::uint32_t kNoLimit = UINT32_MAX;

    // Brings the blocks into an order in which none overwrites what a later one copies from; blocks in each other's way go
    // elsewhere first. The last thing a plan needs. Failure: kNoRoom, out of memory.
    util::Result<void> arrange();

  private:
    struct Extent {
        std::uint32_t base, end;
        bool overlaps(const Extent& other) const { return base < other.end && other.base < end; }
    };
    static Extent usable(const platform::MemoryRange& range);
    static Extent source_of(const BootBlock& block);
    static Extent target_of(const BootBlock& block) { return {block.target, block.end()}; }
    const Extent* in_the_way(const Extent& place) const;
    bool is_source(const Extent& place, std::size_t block, std::size_t first) const;
    bool is_target(const Extent& place, std::size_t block, std::size_t first) const;
    util::Result<void> set_aside(std::size_t block, std::size_t first);

    BootPlan& plan_;
    util::Vector<Extent> taken_;
};

}  // namespace scripts
