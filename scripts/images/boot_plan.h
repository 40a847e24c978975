// What platform::boot() is told: which bytes go where, and how the machine is when the program gets it. Made by the plan
// functions of the format table, which touch nothing but this.
#pragma once

#include <cstdint>

#include "util/text.h"
#include "util/vector.h"

namespace scripts {

// Copied from where it is now to where the program wants it, with zeros behind.
struct BootBlock {
    std::uint32_t target = 0, size = 0;
    util::Bytes source;  // at most `size` of them
    std::uint32_t end() const { return target + size; }
};

struct BootPlan {
    enum class Entry : std::uint8_t { RealMode, Protected };
    // Whether the program may give the machine back: then what is ours stays in place and hidden.
    enum class Returns : std::uint8_t { Never, Perhaps };

    // In an order in which none overwrites what another still needs (arrange()).
    util::Vector<BootBlock> blocks;
    Entry entry = Entry::Protected;
    Returns returns = Returns::Never;
    // Protected mode: flat 32-bit segments, interrupts off.
    std::uint32_t eip = 0;
    std::uint32_t eax = 0, ebx = 0;
    // Real mode: all data segments are ds; the stack is ss:sp.
    std::uint32_t edx = 0;
    std::uint16_t cs = 0, ip = 0, ss = 0, sp = 0, ds = 0;

    // For people: what was too little, cut off, or missing. Printed with the failure, or before the program is started. Lines but for the first
    // begin with two blanks.
    util::Text<240> detail;

    // Bytes that the plan itself has made. The view stays valid as long as the plan does.
    util::Result<util::MutableBytes> make(std::size_t size) {
        util::Vector<std::byte> bytes;
        TRY(bytes.resize(size));
        TRY(made_.push(std::move(bytes)));
        return made_.back().span();
    }

  private:
    util::Vector<util::Vector<std::byte>> made_;
};

}  // namespace scripts
