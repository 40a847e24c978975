// ELF files (System V ABI, chapter 4; ELF-64 object file format): what is loaded where. 32 and 64 bits read alike.
#pragma once

#include "scripts/images/layout.h"

namespace scripts {

inline constexpr util::Failure kBadElf{util::code::kScript + 86, "the ELF file is cut off or malformed"};

class Elf {
  public:
    // An executable for this family of processors. Says nothing of what the headers point to.
    static bool probe(util::Bytes content);
    // Precondition: probe().
    explicit Elf(util::Bytes content);

    bool is_64() const { return is_64_; }
    // Puts all loadable segments at their physical addresses. Failure: kBadElf, the layout's.
    util::Result<void> load(Layout& layout);
    // Physical address of the first instruction. After load().
    std::uint32_t entry() const { return entry_; }

    // Section headers, for programs that want to see their symbols.
    struct Sections {
        std::uint32_t count = 0, entry_size = 0, names = 0;
        util::Bytes headers;
    };
    // A copy in the plan in which sections that are not loaded have got addresses, to which they are put. Without headers when
    // there are none, or none that make sense. Failure: the layout's.
    util::Result<Sections> sections(Layout& layout, BootPlan& plan) const;

  private:
    // A word of 32 or 64 bits. What does not fit into 32 is as wrong as what lies outside of the file.
    std::uint32_t word(util::Reader& reader) const;
    // A piece of the file, empty when it is not all there.
    util::Bytes piece(std::uint32_t offset, std::uint32_t size) const;

    util::Bytes content_;
    bool is_64_;
    std::uint32_t entry_, program_headers_, section_headers_;
    std::uint16_t program_size_, program_count_, section_size_, section_count_, section_names_;
};

}  // namespace scripts
