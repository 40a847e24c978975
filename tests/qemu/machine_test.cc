// A firmware whose main() tests the machine layer (arch/) from inside, for tests/qemu/machine. Linked instead of
// arch/main.cc: make bin/machine-test.rom. Keys typed at the console choose what happens.
#include <platform/boot.h>
#include <platform/clock.h>
#include <platform/console.h>
#include <platform/cpu.h>
#include <platform/dma.h>
#include <platform/random.h>

#include <algorithm>
#include <cstring>

#include "arch/bios/entry.h"
#include "arch/bios/machine.h"
#include "embed/embed.h"
#include "san/drive_table.h"
#include "tests/qemu/ram_disk.h"
#include "util/hash.h"
#include "util/owned.h"
#include "util/text.h"

namespace arch {
namespace {

void verdict(const char* name, bool good) { util::print("%s %s\n", good ? "good:" : "BAD:", name); }

// How long 18 ticks of the BIOS's clock (989 ms) take by ours.
int measure_ticks() {
    constexpr std::uint32_t kTicks = 18;
    std::uint32_t start = bda::ticks();
    while (bda::ticks() == start) platform::idle({});
    start = bda::ticks();
    util::Instant from = platform::now();
    while (bda::ticks() - start < kTicks) platform::idle({});
    return static_cast<int>((platform::now() - from).ms());
}

// A busy host delivers ticks late and then several at once, so one good measurement is enough.
void test_clock() {
    bool good = false;
    for (unsigned i = 0; i < 5 && !good; ++i) {
        int ms = measure_ticks();
        util::print("18 ticks: %d ms\n", ms);
        good = ms > 960 && ms < 1020;
    }
    verdict("clock", good);
}

void test_heap() {
    void* blocks[64] = {};
    bool good = true;
    for (int round = 0; round < 20; ++round) {
        for (unsigned i = 0; i < 64; ++i) {
            std::size_t size = (i * 977 + 13) % 9000;
            util::heap_free(blocks[i]);
            blocks[i] = util::heap_allocate(size);
            good = good && blocks[i] && reinterpret_cast<std::uintptr_t>(blocks[i]) % 16 == 0;
            if (blocks[i]) std::memset(blocks[i], static_cast<int>(i), size);
        }
    }
    for (void* block : blocks) util::heap_free(block);
    const Resident& block = resident();
    std::size_t most = block.memory_end - block.heap_base - 64;
    void* everything = util::heap_allocate(most);  // all neighbours have merged again
    good = good && everything && !util::heap_allocate(128);
    util::heap_free(everything);
    auto dma = platform::dma_allocate(5000, 4096);
    good = good && !dma.empty() && platform::bus_address(dma.data()) % 4096 == 0;
    good = good && std::ranges::all_of(dma, [](std::byte b) { return b == std::byte{0}; });
    platform::dma_free(dma);
    everything = util::heap_allocate(most);
    good = good && everything;
    util::heap_free(everything);
    verdict("heap", good);
}

// The compiler must not know the operands, or it divides itself.
std::uint64_t opaque(std::uint64_t value) {
    asm("" : "+m"(value));
    return value;
}

void test_division() {
    bool good = opaque(1000000000000) / opaque(7) == 142857142857 && opaque(1000000000000) % opaque(7) == 1;
    good = good && opaque(0xffffffffffffffff) / opaque(0x100000001) == 0xffffffff;
    good = good && opaque(0xfedcba9876543210) % opaque(0x123456789a) == 0xfedcba9876543210 - 0x123456789a * (opaque(0xfedcba9876543210) / opaque(0x123456789a));
    good = good && static_cast<std::int64_t>(opaque(static_cast<std::uint64_t>(-100))) / static_cast<std::int64_t>(opaque(7)) == -14;
    good = good && static_cast<std::int64_t>(opaque(static_cast<std::uint64_t>(-100))) % static_cast<std::int64_t>(opaque(7)) == -2;
    verdict("division", good);
}

// The library is i686 code, built for position independence and with the stack protector.
void test_bearssl() {
    if (!platform::cpu_has_cmov()) return util::print("good: no BearSSL on this processor\n");
    util::Hash md5(util::HashAlgorithm::Md5);
    md5.update(util::as_bytes("abc"));
    util::Bytes digest = md5.digest();
    verdict("BearSSL", digest[0] == std::byte{0x90} && digest[15] == std::byte{0x72});  // RFC 1321 A.5
}

void test_random() {
    std::uint32_t first[4], second[4];
    platform::random_bytes(std::as_writable_bytes(std::span(first)));
    platform::random_bytes(std::as_writable_bytes(std::span(second)));
    util::print("random %08x%08x\n", first[0], first[1]);
    verdict("random", std::memcmp(first, second, sizeof first) != 0);
}

void test_facts() {
    util::print("memory %lu KiB, SMBIOS %u, script %u, cmov %u\n", platform::memory_size() / 1024,
                static_cast<unsigned>(platform::smbios_table().size()), static_cast<unsigned>(embed::script().size()),
                static_cast<unsigned>(platform::cpu_has_cmov()));
    util::print("hidden %u KiB, base memory %u KiB\n", (resident().memory_end - resident().memory_base) / 1024,
                static_cast<unsigned>(resident().base_memory_kib));
    util::print("boot device %04x\n", platform::boot_device().value_or(kNoPciDevice));
}

void boot(std::uint8_t drive) {
    auto booted = platform::boot_drive(drive);
    util::print("back: %s\n", booted.failure().text);
}

// The BIOS's first hard disk, or as much of it as a test needs.
util::Result<util::Vector<std::byte>> copy_of_disk() {
    constexpr unsigned kSectors = 1024, kSector = 512;
    util::Vector<std::byte> bytes;
    TRY(bytes.resize(kSectors * kSector));
    for (unsigned i = 0; i < 3; ++i) {  // the boot sector and what it reads
        RealRegisters registers{};
        registers.eax = 0x0201;
        registers.ebx = 0x7c00;
        registers.ecx = i + 1;
        registers.edx = 0x80;
        bios_interrupt(0x13, registers);
        if (carry(registers)) return util::kNotFound;
        std::memcpy(bytes.data() + i * kSector, physical<std::byte>(0x7c00), kSector);
    }
    return bytes;
}

// Puts a copy of the first hard disk in front of it, and boots that.
util::Result<void> boot_copy(san::DriveTable& drives, util::Loop& loop, util::Duration delay) {
    auto bytes = TRY(copy_of_disk());
    auto disk = TRY(util::make_owned<RamDisk>(loop, std::move(bytes), delay));
    TRY(drives.attach(0x80, std::move(disk), {}));
    platform::publish_drives(drives);
    util::print("drives %u\n", static_cast<unsigned>(bda::drive_count()));
    boot(0x80);
    return {};
}

void take_away(san::DriveTable& drives) {
    drives.detach(0x80);
    platform::publish_drives(drives);
    util::print("drives %u\n", static_cast<unsigned>(bda::drive_count()));
}

[[gnu::noinline]] void overflow_stack_buffer() {
    util::Buffer<16> buffer;
    volatile std::byte* at = buffer.all().data();
    for (unsigned i = 0; i < 64; ++i) at[i] = std::byte{'x'};
}

constinit util::Loop loop;
constinit san::DriveTable drives(loop);

// True to go on.
bool obey(int key) {
    switch (key) {
        case 'd':
        case 's':
            if (auto booted = boot_copy(drives, loop, util::Duration::milliseconds(key == 's' ? 300 : 0)); !booted.ok())
                util::print("no copy: %s\n", booted.failure().text);
            return true;
        case 'u': take_away(drives); return true;
        case 't':
            test_clock();
            test_heap();
            test_division();
            test_random();
            test_bearssl();
            test_facts();
            return true;
        case 'c': util::print("\x1b[2J\x1b[3;5H\x1b[31mred\x1b[0m \x1b[1;44mblue\x1b[0m line\x1b[K\n"); return true;
        case 'b': boot(0x80); return true;
        case 'f': boot(0x00); return true;
        case 'o': overflow_stack_buffer(); return true;
        case 'e': asm volatile("ud2"); return true;
        case 'p': (void)platform::power_off(); return true;
        case 'r': platform::reboot();
        case 'x': return false;
    }
    util::print("key %x\n", key);
    return true;
}

}  // namespace

void main() {
    initialise_machine();
    util::print("\nMachine test: ready\n");
    for (;;) {
        int key = platform::console_read_key();
        if (key != platform::kNoKey && !obey(key)) break;
        platform::idle(platform::now());
    }
    give_back_machine();
}

}  // namespace arch
