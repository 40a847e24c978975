#include "util/x86_branches.h"

#include "util/x86_parser.h"

namespace util {
namespace {

// Calls convert(parser, value, end, index) for each branch: its relative or converted target, where its instruction
// ends, and which instruction comes after it. What it returns replaces the value.
template <class Convert>
[[gnu::always_inline]] inline void each_branch(std::uint8_t* code, std::uint32_t size, Convert convert) {
    X86Parser parser;
    std::uint32_t index = 0;
    for (std::uint32_t at = 0; at < size;) {
        X86Parser::Field before = parser.field;
        index += parser.step(code[at++]);
        if (parser.field < X86Parser::Jump || before >= X86Parser::Jump || size - at < 4) continue;
        if (parser.left == 1) {
            code[at] = static_cast<std::uint8_t>(
                convert(parser.field, static_cast<std::uint32_t>(static_cast<std::int8_t>(code[at])), at + 1, index + 1));
        } else {
            std::uint32_t value;
            __builtin_memcpy(&value, code + at, 4);
            value = convert(parser.field, value, at + 4, index + 1);
            __builtin_memcpy(code + at, &value, 4);
        }
    }
}

// Where instructions start, and where the last one ends. Returns how many there are.
std::uint32_t find_starts(const std::uint8_t* code, std::uint32_t size, std::uint32_t* starts) {
    X86Parser parser;
    std::uint32_t count = 0;
    starts[count++] = 0;
    for (std::uint32_t at = 0; at < size;)
        if (parser.step(code[at++])) starts[count++] = at;
    return count;
}

// Index of the instruction at an offset; count when there is none.
std::uint32_t index_of(std::uint32_t offset, const std::uint32_t* starts, std::uint32_t count) {
    std::uint32_t low = 0, high = count;
    while (low < high) {
        std::uint32_t middle = (low + high) / 2;
        if (starts[middle] < offset) low = middle + 1;
        else high = middle;
    }
    return low < count && starts[low] == offset ? low : count;
}

// Functions, numbered from 1 on, and those that were not called yet, the last one on top. Each begins behind an INT3.
struct Functions {
    std::uint32_t* starts;     // where they start
    std::uint32_t count = 1;
    std::uint32_t* uncalled;   // the top, with an end mark below
    std::uint32_t ended = 0;   // how many ended before the instruction that was reached

    // `room` for their starts and the uncalled.
    Functions(const std::uint8_t* code, const std::uint32_t* instructions, std::uint32_t instruction_count, std::uint32_t* room)
        : starts(room) {
        starts[0] = 0;
        for (std::uint32_t i = 1; i < instruction_count; ++i)
            if (code[instructions[i - 1]] == 0xcc) starts[count++] = instructions[i];
        uncalled = starts + count;
        *uncalled = 0;
    }
    // Pushes the functions that end before an offset.
    void reach(std::uint32_t offset) {
        for (; ended + 1 < count && starts[ended + 1] <= offset; ++ended) *++uncalled = ended;
    }
    // At the end: where those start that are left.
    std::span<const std::uint32_t> never_called(std::uint32_t size) {
        reach(size);
        std::uint32_t* first = starts + count + 1;
        for (std::uint32_t* i = first; i <= uncalled; ++i) *i = starts[*i];
        return {first, uncalled + 1};
    }
};

}  // namespace

bool x86_branches_encode(std::uint8_t* code, std::uint32_t size, std::uint32_t* room, std::span<const std::uint32_t>& uncalled) {
    std::uint32_t* starts = room;
    std::uint32_t count = find_starts(code, size, starts);
    bool possible = true;
    each_branch(code, size, [&](X86Parser::Field field, std::uint32_t value, std::uint32_t end, std::uint32_t) {
        if (field == X86Parser::Jump ? index_of(end + value, starts, count) == count : end + value >= size) possible = false;
        return value;
    });
    if (!possible) return false;
    Functions functions(code, starts, count, starts + count);
    each_branch(code, size, [&](X86Parser::Field field, std::uint32_t value, std::uint32_t end, std::uint32_t next) {
        if (field == X86Parser::Jump) return index_of(end + value, starts, count) - next;
        functions.reach(end);
        std::uint32_t number = index_of(value + end, functions.starts, functions.count);
        if (!number || number == functions.count) return __builtin_bswap32(functions.count + value + end);
        if (number != *functions.uncalled) return __builtin_bswap32(number);
        --functions.uncalled;
        return 0u;
    });
    uncalled = functions.never_called(size);
    return true;
}

std::span<const std::uint32_t> x86_branches_decode(std::uint8_t* code, std::uint32_t size, std::uint32_t* room) {
    std::uint32_t* starts = room;
    std::uint32_t count = find_starts(code, size, starts);
    Functions functions(code, starts, count, starts + count);
    each_branch(code, size, [&](X86Parser::Field field, std::uint32_t value, std::uint32_t end, std::uint32_t next) {
        if (field == X86Parser::Jump) {
            if (value + next >= count) return value;
            value = starts[value + next];
        } else {
            functions.reach(end);
            value = __builtin_bswap32(value);
            if (!value && *functions.uncalled) value = *functions.uncalled--;
            value = value < functions.count ? functions.starts[value] : value - functions.count;
        }
        return value - end;
    });
    return functions.never_called(size);
}

}  // namespace util
