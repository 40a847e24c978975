#include "util/tools/elf_image.h"

#include <elf.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>

namespace tools {
namespace {

template <class T>
T at(const std::vector<std::uint8_t>& file, std::size_t offset) {
    T value;
    if (offset > file.size() || sizeof(T) > file.size() - offset) fail("ELF file is cut short");
    std::memcpy(&value, file.data() + offset, sizeof(T));
    return value;
}

void load_segments(const std::vector<std::uint8_t>& file, const Elf32_Ehdr& header, ElfImage& image) {
    std::uint32_t low = UINT32_MAX, file_end = 0, memory_end = 0;
    for (int pass = 0; pass < 2; ++pass) {
        for (unsigned i = 0; i < header.e_phnum; ++i) {
            auto segment = at<Elf32_Phdr>(file, header.e_phoff + i * sizeof(Elf32_Phdr));
            if (segment.p_type != PT_LOAD || !segment.p_memsz) continue;
            if (pass == 0) {
                low = std::min(low, segment.p_vaddr);
                if (segment.p_filesz) file_end = std::max(file_end, segment.p_vaddr + segment.p_filesz);
                memory_end = std::max(memory_end, segment.p_vaddr + segment.p_memsz);
            } else if (segment.p_filesz) {
                if (segment.p_offset + segment.p_filesz > file.size()) fail("segment beyond the file's end");
                std::memcpy(image.bytes.data() + (segment.p_vaddr - low), file.data() + segment.p_offset, segment.p_filesz);
            }
        }
        if (pass == 0) {
            if (file_end <= low) fail("nothing to load");
            image.bytes.resize(file_end - low);
        }
    }
    image.base = low;
    image.memory = memory_end - low;
}

// ld writes no relocations for the global offset table it makes itself: every word in it that is an address is one.
void add_offset_table(const ElfImage& image, const Elf32_Shdr& section, std::vector<std::uint32_t>& relocations) {
    for (std::uint32_t address = section.sh_addr; address + 4 <= section.sh_addr + section.sh_size; address += 4) {
        auto word = at<std::uint32_t>(image.bytes, address - image.base);
        if (word >= image.base && word <= image.base + image.memory) relocations.push_back(address);
    }
}

void measure_code(const std::vector<std::uint8_t>& file, const Elf32_Ehdr& header, ElfImage& image) {
    for (unsigned i = 0; i < header.e_shnum; ++i) {
        auto section = at<Elf32_Shdr>(file, header.e_shoff + i * sizeof(Elf32_Shdr));
        if ((section.sh_flags & SHF_EXECINSTR) && section.sh_addr == image.base) image.code_size = section.sh_size;
    }
}

void collect_sections(const std::vector<std::uint8_t>& file, const Elf32_Ehdr& header, ElfImage& image) {
    auto section_at = [&](unsigned i) { return at<Elf32_Shdr>(file, header.e_shoff + i * sizeof(Elf32_Shdr)); };
    auto names = section_at(header.e_shstrndx);
    for (unsigned i = 0; i < header.e_shnum; ++i)
        if (auto section = section_at(i); section.sh_flags & SHF_ALLOC)
            image.sections.push_back(
                {reinterpret_cast<const char*>(file.data()) + names.sh_offset + section.sh_name, section.sh_addr, section.sh_size});
}

void collect_symbols(const std::vector<std::uint8_t>& file, const Elf32_Ehdr& header, ElfImage& image) {
    auto section_at = [&](unsigned i) { return at<Elf32_Shdr>(file, header.e_shoff + i * sizeof(Elf32_Shdr)); };
    auto name_in = [&](const Elf32_Shdr& names, std::uint32_t offset) {
        return std::string(reinterpret_cast<const char*>(file.data()) + names.sh_offset + offset);
    };
    auto section_names = section_at(header.e_shstrndx);
    for (unsigned i = 0; i < header.e_shnum; ++i) {
        auto table = section_at(i);
        if (table.sh_type != SHT_SYMTAB) continue;
        for (std::uint32_t offset = 0; offset < table.sh_size; offset += sizeof(Elf32_Sym)) {
            auto symbol = at<Elf32_Sym>(file, table.sh_offset + offset);
            unsigned type = ELF32_ST_TYPE(symbol.st_info);
            if ((type != STT_FUNC && type != STT_OBJECT) || !symbol.st_size || symbol.st_shndx >= header.e_shnum) continue;
            image.symbols.push_back({symbol.st_value, symbol.st_size, name_in(section_names, section_at(symbol.st_shndx).sh_name),
                                     {name_in(section_at(table.sh_link), symbol.st_name)}});
        }
    }
    std::sort(image.symbols.begin(), image.symbols.end(), [](const ElfSymbol& left, const ElfSymbol& right) {
        return left.address != right.address ? left.address < right.address : left.names < right.names;
    });
    // One that has several names is one.
    for (std::size_t i = image.symbols.size(); i-- > 1;)
        if (auto& symbol = image.symbols[i - 1]; symbol.address == image.symbols[i].address) {
            symbol.names.insert(symbol.names.end(), image.symbols[i].names.begin(), image.symbols[i].names.end());
            image.symbols.erase(image.symbols.begin() + static_cast<std::ptrdiff_t>(i));
        }
}

void collect_relocations(const std::vector<std::uint8_t>& file, const Elf32_Ehdr& header, ElfImage& image) {
    auto section_at = [&](unsigned i) { return at<Elf32_Shdr>(file, header.e_shoff + i * sizeof(Elf32_Shdr)); };
    auto names = section_at(header.e_shstrndx);
    for (unsigned i = 0; i < header.e_shnum; ++i) {
        auto section = section_at(i);
        const char* name = reinterpret_cast<const char*>(file.data()) + names.sh_offset + section.sh_name;
        if (std::strncmp(name, ".got", 4) == 0 && (section.sh_flags & SHF_ALLOC))
            add_offset_table(image, section, image.relocations);
        if (section.sh_type != SHT_REL) continue;
        auto place = section_at(section.sh_info);
        if (!(place.sh_flags & SHF_ALLOC)) continue;
        auto symbols = section_at(section.sh_link);
        for (std::uint32_t offset = 0; offset < section.sh_size; offset += sizeof(Elf32_Rel)) {
            auto relocation = at<Elf32_Rel>(file, section.sh_offset + offset);
            auto symbol = at<Elf32_Sym>(file, symbols.sh_offset + ELF32_R_SYM(relocation.r_info) * sizeof(Elf32_Sym));
            switch (ELF32_R_TYPE(relocation.r_info)) {
                case R_386_32:
                    if (symbol.st_shndx == SHN_ABS || symbol.st_shndx == SHN_UNDEF) break;
                    image.relocations.push_back(relocation.r_offset);
                    image.references.push_back({relocation.r_offset, at<std::uint32_t>(image.bytes, relocation.r_offset - image.base), false});
                    break;
                // Relative to the place or to the global offset table, which moves along.
                case R_386_PC32:
                    image.references.push_back({relocation.r_offset, relocation.r_offset + 4 +
                                                at<std::uint32_t>(image.bytes, relocation.r_offset - image.base), true});
                    break;
                case R_386_NONE: case R_386_PC16: case R_386_PC8: case R_386_PLT32:
                case R_386_GOTOFF: case R_386_GOTPC: case R_386_GOT32: case R_386_GOT32X:
                    break;
                default:
                    fail("relocation type " + std::to_string(ELF32_R_TYPE(relocation.r_info)) + " in " + name);
            }
        }
    }
    std::sort(image.references.begin(), image.references.end(),
              [](const ElfReference& left, const ElfReference& right) { return left.place < right.place; });
    std::sort(image.relocations.begin(), image.relocations.end());
    image.relocations.erase(std::unique(image.relocations.begin(), image.relocations.end()), image.relocations.end());
}

}  // namespace

void fail(const std::string& message) {
    std::fprintf(stderr, "error: %s\n", message.c_str());
    std::exit(1);
}

std::vector<std::uint8_t> read_file(const std::string& path) {
    std::ifstream stream(path, std::ios::binary);
    if (!stream) fail("cannot read " + path);
    return {std::istreambuf_iterator<char>(stream), {}};
}

void write_file(const std::string& path, const std::vector<std::uint8_t>& bytes) {
    std::ofstream stream(path, std::ios::binary);
    stream.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    if (!stream) fail("cannot write " + path);
}

ElfImage read_elf(const std::string& path) {
    auto file = read_file(path);
    auto header = at<Elf32_Ehdr>(file, 0);
    if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_machine != EM_386) fail(path + " is no i386 ELF file");
    ElfImage image;
    load_segments(file, header, image);
    measure_code(file, header, image);
    collect_sections(file, header, image);
    collect_relocations(file, header, image);
    collect_symbols(file, header, image);
    image.entry = header.e_entry;
    for (std::uint32_t address : image.relocations)
        if (address < image.base || address - image.base + 4 > image.bytes.size()) fail("relocation outside the image");
    return image;
}

}  // namespace tools
