// INT 13h, the BIOS disk service, for our drives; called by the real-mode stub (arch/) with the caller's
// registers.
//
// One Int13 exists for the whole machine. A call is either for one of our drives, then handle() does it and
// waits in Loop::run_until, or it belongs to the BIOS or to another handler below us: then handle() turns the
// drive number as the caller sees it into the number that the old handler knows, and after_chain() turns the
// answer back.
//
// Sources: IBM PS/2 and PC BIOS Interface Technical Reference (AH below 40h), BIOS Enhanced Disk Drive
// Services - 4, T13/1572D (AH 41h to 4Eh), El Torito 1.0 (AH 4Bh to 4Dh).
#pragma once

#include <cstdint>
#include <optional>

#include "san/drive_table.h"
#include "util/bytes.h"
#include "util/guest_memory.h"

namespace san {

// The caller's registers. Same layout as arch's RealRegisters.
struct Int13Registers {
    std::uint32_t eax, ebx, ecx, edx, esi, edi, ebp;
    std::uint16_t ds, es;
    std::uint16_t flags;
    std::uint16_t reserved;

    static constexpr std::uint16_t kCarry = 0x0001;

    std::uint8_t al() const { return static_cast<std::uint8_t>(eax); }
    std::uint8_t ah() const { return static_cast<std::uint8_t>(eax >> 8); }
    std::uint8_t cl() const { return static_cast<std::uint8_t>(ecx); }
    std::uint8_t ch() const { return static_cast<std::uint8_t>(ecx >> 8); }
    std::uint8_t dl() const { return static_cast<std::uint8_t>(edx); }
    std::uint8_t dh() const { return static_cast<std::uint8_t>(edx >> 8); }
    std::uint16_t bx() const { return static_cast<std::uint16_t>(ebx); }
    std::uint16_t si() const { return static_cast<std::uint16_t>(esi); }
    bool carry() const { return flags & kCarry; }
    // 16-bit and 8-bit parts; what is in the rest of the register stays.
    void set_al(std::uint8_t value) { eax = (eax & ~0xffu) | value; }
    void set_ah(std::uint8_t value) { eax = (eax & ~0xff00u) | std::uint32_t{value} << 8; }
    void set_bx(std::uint16_t value) { ebx = (ebx & ~0xffffu) | value; }
    void set_cx(std::uint16_t value) { ecx = (ecx & ~0xffffu) | value; }
    void set_dx(std::uint16_t value) { edx = (edx & ~0xffffu) | value; }
    void set_dl(std::uint8_t value) { edx = (edx & ~0xffu) | value; }
    void set_carry(bool value) {
        flags = static_cast<std::uint16_t>((flags & ~kCarry) | (value ? kCarry : 0));
    }
};

using util::GuestMemory;

// INT 13h status, as left in AH and at 40:74h.
enum class DiskStatus : std::uint8_t {
    Ok = 0x00,
    InvalidCommand = 0x01,
    WriteProtected = 0x03,
    SectorNotFound = 0x04,
    DataBoundary = 0x09,  // the memory given cannot be used
    UncorrectableData = 0x10,
    ControllerFailure = 0x20,
    SeekFailed = 0x40,
    TimedOut = 0x80,
    NotReady = 0xaa,
    NotRemovable = 0xb2,
    Undefined = 0xbb,
    WriteFault = 0xcc,
};

class Int13 final {
  public:
    constexpr Int13(DriveTable& drives, GuestMemory& memory) : drives_(drives), memory_(memory) {}

    enum class Outcome : std::uint8_t {
        Handled,         // return to the caller with these registers and this carry flag
        Chain,           // jump to the old vector with these registers; nothing to do afterwards
        ChainAndReturn,  // call the old vector with these registers (flags as INT pushes them), then
                         // after_chain()
    };
    // What after_chain() has to know. Whoever calls keeps it, as handlers nest.
    struct Chained {
        std::uint8_t function = 0;
        std::uint8_t drive = 0;
    };

    Outcome handle(Int13Registers& registers, Chained& chained);
    // With the registers and flags that the old handler left.
    void after_chain(Int13Registers& registers, const Chained& chained);

  private:
    static constexpr std::uint8_t kCheckExtensions = 0x41;

    enum class Access : std::uint8_t { Read, Write, Verify };
    struct Extent {
        std::uint64_t lba;
        std::uint32_t count;    // blocks
        std::uint64_t address;  // physical
        bool count_is_long = false;
    };

    static bool answers_in_ah(std::uint8_t function);
    DiskStatus dispatch(Drive& drive, Int13Registers& registers);
    DiskStatus dispatch_extended(Drive& drive, Int13Registers& registers);
    Outcome chain(Int13Registers& registers, Chained& chained);
    void remember(Drive& drive, DiskStatus status);
    std::uint8_t drive_count(bool diskettes);

    DiskStatus transfer(Drive& drive, Access access, Extent& extent);
    DiskStatus transfer_chs(Drive& drive, Int13Registers& registers);
    DiskStatus get_parameters(Drive& drive, Int13Registers& registers);
    DiskStatus get_type(Drive& drive, Int13Registers& registers);

    DiskStatus check_extensions(Int13Registers& registers);
    std::optional<Extent> read_packet(std::uint64_t address);
    void write_packet_count(std::uint64_t address, const Extent& extent);
    DiskStatus transfer_extended(Drive& drive, Int13Registers& registers);
    DiskStatus get_extended_parameters(Drive& drive, Int13Registers& registers);
    DiskStatus set_hardware(Drive& drive, Int13Registers& registers);
    DiskStatus emulation_status(Drive& drive, Int13Registers& registers);

    DriveTable& drives_;
    GuestMemory& memory_;
};

// What a failed read or write is to an INT 13h caller.
DiskStatus disk_status(const util::Failure& failure, BlockRequest::Operation operation);

}  // namespace san
