// packed_costs IMAGE.elf PACKED.bin: what each function, variable and text of an image adds to its packed size, the dearest first, and the
// sums of namespaces. The mixing packer knows how probable each bit was, so what it costs; what is like something before it is cheap.
//
// Names are mangled: the output goes through c++filt.
#include <algorithm>
#include <cstdio>
#include <map>
#include <string>

#include "util/tools/packed_image.h"

namespace {

struct Cost {
    double packed = 0;
    unsigned bytes = 0;
};
using Costs = std::map<std::string, Cost>;

class Image {
  public:
    Image(const char* elf, const char* packed) : elf_(tools::read_elf(elf)), packed_(tools::unpack(tools::read_file(packed))) {
        costs_ = tools::packed_costs(packed_);
    }
    Costs by_name() const {
        Costs costs;
        std::uint32_t end = elf_.base;
        for (const tools::ElfSymbol& symbol : elf_.symbols) {
            std::uint32_t start = std::max(end, symbol.address);  // a symbol within another is part of it
            add(costs["between symbols"], end, start);
            end = std::max(start, symbol.address + symbol.size);
            add(costs[symbol.names[0]], start, end);
        }
        costs.erase("between symbols");
        add_strings(costs);
        add(costs["(resident part)"], elf_.base + packed_.header.image_size, elf_.base + packed_.header.unpacked_size);
        return costs;
    }

  private:
    void add(Cost& cost, std::uint32_t start, std::uint32_t end) const {
        for (std::uint32_t at = start - elf_.base; at < end - elf_.base && at < costs_.size(); ++at) {
            cost.packed += costs_[at];
            ++cost.bytes;
        }
    }
    // Texts have no symbols, and pack_image has given them places of their own.
    void add_strings(Costs& costs) const {
        for (const tools::ElfSection& section : elf_.sections) {
            if (section.name != ".strings") continue;
            std::string text;
            std::uint32_t start = section.address;
            for (std::uint32_t at = start; at < section.address + section.size; ++at) {
                if (std::uint8_t letter = packed_.plain[at - elf_.base]) {
                    text += letter < ' ' ? '.' : static_cast<char>(letter);
                    continue;
                }
                add(costs['"' + text + '"'], start, at + 1);
                text.clear();
                start = at + 1;
            }
        }
    }

    tools::ElfImage elf_;
    tools::PackedImage packed_;
    std::vector<double> costs_;
};

// "scripts::" of _ZN7scripts..., also of what it only begins with (_ZNK, _ZL). Texts are one, and so is what has no namespace.
std::string space_of(const std::string& name) {
    if (name[0] == '"') return "texts";
    if (name.compare(0, 2, "_Z") != 0) return "others";
    std::size_t digit = name.find_first_of("0123456789");
    if (digit == name.npos) return "others";
    std::size_t length = std::stoul(name.substr(digit)), begin = name.find_first_not_of("0123456789", digit);
    return name[2] == 'N' ? name.substr(begin, length) + "::" : "others";
}

void print(const Costs& costs) {
    std::vector<std::pair<std::string, Cost>> rows(costs.begin(), costs.end());
    std::stable_sort(rows.begin(), rows.end(), [](auto& left, auto& right) { return left.second.packed > right.second.packed; });
    for (const auto& [name, cost] : rows) std::printf("%8.1f %7u  %s\n", cost.packed, cost.bytes, name.c_str());
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) tools::fail("usage: packed_costs IMAGE.elf PACKED.bin");
    Costs names = Image(argv[1], argv[2]).by_name(), spaces;
    for (const auto& [name, cost] : names) {
        Cost& space = spaces[space_of(name)];
        space.packed += cost.packed;
        space.bytes += cost.bytes;
    }
    std::puts("  packed   bytes");
    print(spaces);
    std::puts("");
    print(names);
}
