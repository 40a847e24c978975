// order_image IMAGE.ld IMAGE.elf: the linker script with functions before those that call them and variables in the order in
// which they are first named, on standard output. Calls and addresses can then be foretold better (util/x86_branches.h).
// Same input, same script.
//
// In the script, a comment "in order" says where, for the output section that it is in.
#include <algorithm>
#include <cstdio>
#include <map>
#include <set>
#include <string>

#include "util/tools/elf_image.h"

namespace {

using Symbols = std::vector<tools::ElfSymbol>;

// The function or variable that is at an address.
const tools::ElfSymbol* symbol_at(const Symbols& symbols, std::uint32_t address) {
    auto after = std::upper_bound(symbols.begin(), symbols.end(), address,
                                  [](std::uint32_t left, const tools::ElfSymbol& right) { return left < right.address; });
    if (after == symbols.begin()) return nullptr;
    const tools::ElfSymbol& found = *std::prev(after);
    return address - found.address < found.size ? &found : nullptr;
}

bool is_function(const tools::ElfSymbol& symbol) { return symbol.section == ".text"; }

// Callees come before their callers, the one that is called first next to its caller, as util/x86_branches.h wants it. A
// function goes to the first caller behind it, so that what is alike stays together. Those that nobody calls by name come in the
// order in which their addresses do, as util/addresses.h wants it: `named`, as far as they are there.
class Functions {
  public:
    Functions(const tools::ElfImage& image, const std::vector<const tools::ElfSymbol*>& named) {
        for (const auto& symbol : image.symbols) callers_[&symbol] = nullptr;
        for (const auto& [place, target, relative] : image.references) {
            constexpr std::uint8_t kCall = 0xe8;
            if (!relative || image.bytes[place - 1 - image.base] != kCall) continue;
            const tools::ElfSymbol *caller = symbol_at(image.symbols, place), *callee = symbol_at(image.symbols, target);
            if (!caller || !callee || caller <= callee || callers_[callee]) continue;  // symbols are by address
            callers_[callee] = caller;
            callees_[caller].push_back(callee);
        }
        for (const tools::ElfSymbol* symbol : named) add_uncalled(*symbol);
        for (const auto& symbol : image.symbols) add_uncalled(symbol);
    }
    const Symbols& order() const { return order_; }

  private:
    void add_uncalled(const tools::ElfSymbol& symbol) {
        if (is_function(symbol) && !callers_[&symbol] && added_.insert(&symbol).second) add(symbol);
    }
    void add(const tools::ElfSymbol& symbol) {
        auto& callees = callees_[&symbol];
        for (auto callee = callees.rbegin(); callee != callees.rend(); ++callee) add(**callee);
        order_.push_back(symbol);
    }

    std::map<const tools::ElfSymbol*, const tools::ElfSymbol*> callers_;
    std::map<const tools::ElfSymbol*, std::vector<const tools::ElfSymbol*>> callees_;
    std::set<const tools::ElfSymbol*> added_;
    Symbols order_;
};

// Appends variables in the order in which functions and those before them name them. Returns the functions they name.
std::vector<const tools::ElfSymbol*> add_variables(const tools::ElfImage& image, Symbols& order) {
    std::vector<const tools::ElfSymbol*> functions;
    std::set<std::uint32_t> placed;
    for (std::size_t i = 0; i < order.size(); ++i) {
        auto reference = std::lower_bound(
            image.references.begin(), image.references.end(), order[i].address,
            [](const tools::ElfReference& left, std::uint32_t right) { return left.place < right; });
        for (; reference != image.references.end() && reference->place - order[i].address < order[i].size; ++reference) {
            const tools::ElfSymbol* named = symbol_at(image.symbols, reference->target);
            if (!named || reference->relative) continue;
            if (is_function(*named)) functions.push_back(named);
            else if (placed.insert(named->address).second) order.push_back(*named);
        }
    }
    return functions;
}

// Functions and variables. The order of either depends on that of the other; a few rounds come near enough.
Symbols in_order(const tools::ElfImage& image) {
    constexpr int kRounds = 4;
    Symbols order;
    std::vector<const tools::ElfSymbol*> named;
    for (int i = 0; i < kRounds; ++i) {
        order = Functions(image, named).order();
        named = add_variables(image, order);
    }
    return order;
}

// With -ffunction-sections and -fdata-sections each is alone in an input section of that name. Before a function comes
// an INT3, by which unpacking finds functions.
void print_section(const Symbols& order, const std::string& section) {
    for (const tools::ElfSymbol& symbol : order) {
        if (symbol.section != section) continue;
        std::printf("        %s*(", section == ".text" ? "BYTE(0xcc) " : "");
        for (const std::string& name : symbol.names)
            for (const char* kind : {"", ".startup", ".unlikely"})
                if (is_function(symbol) || !*kind) std::printf(" %s%s.%s", section.c_str(), kind, name.c_str());
        std::puts(" )");
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) tools::fail("usage: order_image IMAGE.ld IMAGE.elf");
    auto script = tools::read_file(argv[1]);
    Symbols order = in_order(tools::read_elf(argv[2]));
    std::string text(script.begin(), script.end());
    for (const char* section : {".text", ".rodata", ".data", ".bss"}) {
        const std::string mark = std::string("/* in order: ") + section + " */";
        std::size_t at = text.find(mark);
        if (at == text.npos) tools::fail("no place for " + std::string(section));
        std::fwrite(text.data(), 1, at, stdout);
        std::puts("");
        print_section(order, section);
        text.erase(0, at + mark.size());
    }
    std::fwrite(text.data(), 1, text.size(), stdout);
}
