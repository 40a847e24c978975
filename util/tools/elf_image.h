// Reads what ld made of the firmware: a 32-bit x86 ELF file linked with --emit-relocs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tools {

// A function or variable.
struct ElfSymbol {
    std::uint32_t address = 0, size = 0;
    std::string section;
    std::vector<std::string> names;
};

struct ElfReference {
    std::uint32_t place = 0, target = 0;
    bool relative = false;  // to the place: a call, mostly
};

struct ElfSection {
    std::string name;
    std::uint32_t address = 0, size = 0;
};

struct ElfImage {
    std::uint32_t base = 0;                    // link address of the first byte
    std::uint32_t entry = 0;
    std::vector<std::uint8_t> bytes;           // loaded part
    std::uint32_t memory = 0;                  // with zero-initialised part
    std::uint32_t code_size = 0;               // of the code, which comes first
    std::vector<std::uint32_t> relocations;    // addresses of absolute 32-bit words, sorted
    std::vector<ElfReference> references;      // to what moves along, too; by place
    std::vector<ElfSection> sections;          // that are loaded
    std::vector<ElfSymbol> symbols;            // by address
};

// Ends the program with a message when the file is not as expected.
ElfImage read_elf(const std::string& path);
std::vector<std::uint8_t> read_file(const std::string& path);
void write_file(const std::string& path, const std::vector<std::uint8_t>& bytes);
[[noreturn]] void fail(const std::string& message);

}  // namespace tools
