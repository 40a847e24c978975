// The resident block: the part of Sanpiper that lives in base memory, seen from C++.
//
// It begins the real-mode segment whose code is resident.asm; both sides know the same layout, as offsets.cc turns the
// members below into NASM constants. One exists per loaded image. The loader stage fills in the addresses, the
// image fills in the rest; real-mode code reads them through CS.
#pragma once

#include <cstddef>
#include <cstdint>

namespace arch {

// What a real-mode routine is called with, and what it left. FS and GS are not passed: no BIOS service uses them.
struct RealRegisters {
    std::uint32_t eax, ebx, ecx, edx, esi, edi, ebp;
    std::uint16_t ds, es;
    std::uint16_t flags;
    std::uint16_t reserved;
};
inline constexpr std::uint16_t kInterruptFlag = 1u << 9;

struct FarPointer {
    std::uint16_t offset;
    std::uint16_t segment;
    bool operator==(const FarPointer&) const = default;
};

// One INT 10h call of a list (rm_video).
struct VideoCall {
    std::uint16_t ax, bx, cx, dx;
};

// INT 15h AX=E820h range, ACPI 2.0 section 14.1.
struct MemoryRange {
    std::uint32_t base_low, base_high;
    std::uint32_t length_low, length_high;
    std::uint32_t type;
    std::uint64_t base() const { return std::uint64_t{base_high} << 32 | base_low; }
    std::uint64_t length() const { return std::uint64_t{length_high} << 32 | length_low; }
    std::uint64_t end() const { return base() + length(); }
};
inline constexpr std::uint32_t kMemoryRam = 1;
inline constexpr std::uint32_t kMemoryReserved = 2;

struct [[gnu::packed]] TableRegister {  // operand of LGDT and LIDT
    std::uint16_t limit;
    std::uint32_t base;
};

// Where the image came from; the prefix tells the loader, the loader writes it here.
enum class Origin : std::uint8_t {
    OptionRom = 1,
    Pxe = 2,  // a network boot program
    LinuxKernel = 3,  // started by a boot loader
    Disk = 4,         // from a disk or CD of our own
};

inline constexpr std::uint16_t kNoPciDevice = 0xffff;
inline constexpr std::uint32_t kCdBlocks = 0x100;  // with the drive number in Resident::handover: its blocks have 2,048 bytes

struct Resident {
    // Filled in by the loader stage.
    std::uint32_t linear;        // linear address of this block
    std::uint32_t image_entry;   // linear address of image_main()
    std::uint32_t esp32;         // stack pointer to go on with in protected mode
    std::uint32_t pm_target[2];  // far pointer, 32-bit offset: first protected-mode instruction
    std::uint32_t canary;        // the stack protector's: GS:14h
    FarPointer rm_target;        // first real-mode instruction after protected mode
    std::uint32_t real_call;     // linear address of the protected-to-real call
    TableRegister gdt_register;
    TableRegister idt_register;  // protected mode's
    TableRegister caller_idt;    // real mode's, as found
    std::uint32_t memory_base;   // the hidden region: [memory_base, memory_end)
    std::uint32_t memory_end;
    std::uint32_t heap_base;     // what image and stack leave of it
    std::uint32_t image_checksum;  // of the packed image that this is: tells it from others
    std::uint32_t handover;      // linear address of what the origin hands over (arch/stage/handover.h); good until something is booted. Of a
                                 // disk: its drive number, and kCdBlocks
    std::uint16_t boot_device;   // bus/device/function of the ROM's NIC, or kNoPciDevice
    Origin origin;
    std::uint8_t base_memory_kib;  // how much we have taken from base memory
    std::uint8_t extra_kib;        // of that, in front of this block: what <platform/realmode.h> gives away. Not behind it, as
                                   // stores into a page of code are slow under emulation

    // Real-mode state.
    std::uint16_t sp16;           // private 16-bit stack: where to go on
    std::uint8_t busy;            // inside INT 13h or a far call
    std::uint8_t int13_chain;     // the answer is: let the old handler do it
    std::uint8_t leave_by_int18;  // the caller's stack may be spoilt by a boot sector: INT 18h instead of returning
    std::uint16_t leave_sp16;     // private stack as start left it
    std::uint32_t boot_esp32;     // stacks to go back to when a boot sector gives up
    std::uint16_t boot_sp16;
    std::uint16_t memory_ranges;  // how many of ranges[] count
    std::uint16_t routine;        // offset of the real-mode routine that real_call shall run
    FarPointer target;            // rm_call: what to call, as by INT; rm_boot: where to jump
    RealRegisters call;           // rm_call: registers in and out; rm_boot: in
    FarPointer boot_stack;        // rm_boot: the stack to start with
    RealRegisters caller;         // INT 13h and far calls: the caller's registers in, the answer out
    FarPointer caller_frame;      // where the caller goes on
    FarPointer caller_stack;      // with which stack, and what lies above the address to return to
    std::uint16_t caller_reason;
    std::uint16_t video_count;
    std::uint16_t e801[4];        // AX, BX, CX, DX of E801, cut down
    std::uint16_t extended_kib;   // AX of 88h, cut down

    // Old vectors; a hook chains to them.
    FarPointer old_int13, old_int15, old_int18, old_int19;

    // Offsets of real-mode routines and hooks, for C++. Filled in by the assembler.
    struct Entries {
        std::uint16_t call, breathe, video, boot, leave, pxe;
        std::uint16_t hook13, far_call, hook15, hook18, hook19;
        std::uint16_t size;  // of the whole segment in bytes
    } entries;

    alignas(16) std::uint64_t gdt[6];
    // What is written at every call stays in front, away from the page that has the code behind this block: stores into a
    // page of code are slow under emulation.
    alignas(16) std::byte stack16[2560];
    alignas(16) MemoryRange ranges[40];
    alignas(16) VideoCall video[64];
    // ACPI-style iBFT, found by operating systems on a 16-byte boundary between 512 KiB and 1 MiB.
    alignas(16) std::byte ibft[1536];
    alignas(16) std::byte transfer[1024];  // for BIOS calls that want memory below 1 MiB
};

static_assert(offsetof(Resident, canary) == 0x14, "gcc's -mstack-protector-guard-offset");

// GDT selectors.
inline constexpr std::uint16_t kCode32 = 0x08;
inline constexpr std::uint16_t kData32 = 0x10;
inline constexpr std::uint16_t kCode16 = 0x18;
inline constexpr std::uint16_t kData16 = 0x20;
inline constexpr std::uint16_t kCanary = 0x28;  // GS: based on the block, for the stack protector

}  // namespace arch
