#include "san/int13.h"

#include "san/edd.h"
#include "tests/unit/san/fake_disk.h"

namespace san {

using Outcome = Int13::Outcome;

namespace {

// The first MiB and what A20 adds, and a piece of high memory.
class FakeMemory final : public GuestMemory {
  public:
    util::MutableBytes map(std::uint64_t address, std::size_t size) override {
        auto within = [&](std::uint64_t base, std::vector<std::byte>& bytes) -> util::MutableBytes {
            if (address < base || address - base > bytes.size() || size > bytes.size() - (address - base))
                return {};
            return util::MutableBytes(bytes).subspan(address - base, size);
        };
        util::MutableBytes found = within(0, low);
        return found.empty() ? within(kHigh, high) : found;
    }
    template <class T>
    void put(std::uint64_t address, const T& value) {
        util::MutableBytes target = map(address, sizeof value);
        ASSERT_FALSE(target.empty());
        std::memcpy(target.data(), &value, sizeof value);
    }
    template <class T>
    T get(std::uint64_t address) {
        T value{};
        std::memcpy(&value, map(address, sizeof value).data(), sizeof value);
        return value;
    }
    static constexpr std::uint64_t kHigh = 0x2000000;
    std::vector<std::byte> low = std::vector<std::byte>(0x110000 - 16);
    std::vector<std::byte> high = std::vector<std::byte>(1 << 20);
};

constexpr std::uint16_t kPacketSegment = 0x50, kDataSegment = 0x2000;

}  // namespace

class Int13Test : public testing::Test {
  protected:
    Int13Test() {
        memory.put(0x475, std::uint8_t{2});
        attach(0x80);
    }
    FakeDisk* attach(std::uint8_t number, FakeMedium* other = nullptr) {
        auto device = util::make_owned<FakeDisk>(loop, other ? *other : medium);
        disk = device.value().get();
        DrivePath path{0x0018, 0x0001000000000000};
        EXPECT_TRUE(table.attach(number, device.take(), path).ok());
        disk->seen.clear();
        return disk;
    }
    Int13Registers registers(std::uint16_t ax, std::uint8_t drive = 0x80) {
        Int13Registers r{0xaaaa0000u | ax, 0xbbbb0000, 0xcccc0000, 0xdddd0000u | drive,
                         0xeeee0000,       0x12345678, 0x9abcdef0, kPacketSegment,
                         kDataSegment,     0x0202,     0};
        return r;
    }
    // One of ours, so it must be handled.
    void call(Int13Registers& r) {
        Int13::Chained chained;
        Int13Registers before = r;
        ASSERT_EQ(service.handle(r, chained), Outcome::Handled);
        // Upper halves, and what no function uses.
        EXPECT_EQ(r.eax >> 16, before.eax >> 16);
        EXPECT_EQ(r.ebx >> 16, before.ebx >> 16);
        EXPECT_EQ(r.ecx >> 16, before.ecx >> 16);
        EXPECT_EQ(r.edx >> 16, before.edx >> 16);
        EXPECT_EQ(r.edi, before.edi);
        EXPECT_EQ(r.ebp, before.ebp);
        EXPECT_EQ(r.ds, before.ds);
        EXPECT_EQ(r.es, before.es);
        EXPECT_EQ(r.flags & ~1, before.flags & ~1);
    }
    void expect_status(const Int13Registers& r, DiskStatus status) {
        EXPECT_EQ(r.ah(), static_cast<std::uint8_t>(status));
        EXPECT_EQ(r.carry(), status != DiskStatus::Ok);
    }
    void set_chs(Int13Registers& r, unsigned cylinder, unsigned head, unsigned sector) {
        r.set_cx(static_cast<std::uint16_t>((cylinder & 0xff) << 8 | (cylinder >> 8) << 6 | sector));
        r.set_dx(static_cast<std::uint16_t>(head << 8 | r.dl()));
    }
    struct Request {
        std::uint16_t count = 1;
        std::uint64_t lba = 0;
        std::uint16_t segment = kDataSegment, offset = 0;
        std::uint8_t size = 16;
        std::uint64_t flat = 0;
        std::uint32_t long_count = 0;
    };
    Int13Registers extended(std::uint16_t ax, const Request& request) {
        EddPacket packet{request.size,    0,           request.count, request.offset,
                         request.segment, request.lba, request.flat,  request.long_count,
                         std::uint32_t{0}};
        memory.put(kPacketSegment * 16u, packet);
        Int13Registers r = registers(ax);
        call(r);
        return r;
    }
    std::uint16_t packet_count() { return memory.get<util::Le16>(kPacketSegment * 16u + 2); }
    bool same(std::uint64_t address, std::uint64_t lba, std::uint64_t count) {
        util::Bytes expected = medium.at(lba, count);
        return std::memcmp(memory.map(address, expected.size()).data(), expected.data(), expected.size()) ==
               0;
    }

    util::Loop loop;
    FakeMedium medium{200000};
    FakeMemory memory;
    DriveTable table{loop};
    Int13 service{table, memory};
    FakeDisk* disk = nullptr;
};

TEST_F(Int13Test, ReadsByCylinderHeadAndSector) {
    Int13Registers r = registers(0x0205);
    r.set_bx(0x100);
    set_chs(r, 3, 7, 9);
    call(r);
    expect_status(r, DiskStatus::Ok);
    EXPECT_EQ(r.al(), 5);
    EXPECT_TRUE(same(0x20100, (3 * 255 + 7) * 63 + 8, 5));
}

TEST_F(Int13Test, WritesByCylinderHeadAndSector) {
    std::memset(memory.map(0x20000, 65536).data(), 0x5a, 65536);
    Int13Registers r = registers(0x0380);
    set_chs(r, 0, 1, 1);
    call(r);
    expect_status(r, DiskStatus::Ok);
    EXPECT_EQ(r.al(), 0x80);
    EXPECT_TRUE(same(0x20000, 63, 128));
}

TEST_F(Int13Test, RefusesWrongCountsAndPlaces) {
    for (auto [ax, status] :
         {std::pair{0x0200, DiskStatus::InvalidCommand}, {0x0281, DiskStatus::InvalidCommand}}) {
        Int13Registers r = registers(static_cast<std::uint16_t>(ax));
        set_chs(r, 0, 0, 1);
        call(r);
        expect_status(r, status);
        EXPECT_EQ(r.al(), 0);
    }
    struct {
        unsigned cylinder, head, sector;
    } places[] = {{0, 0, 0}, {0, 255, 1}, {12, 0, 1}, {1023, 0, 1}};
    for (auto place : places) {
        Int13Registers r = registers(0x0401);
        set_chs(r, place.cylinder, place.head, place.sector);
        call(r);
        expect_status(r, DiskStatus::SectorNotFound);
    }
    EXPECT_TRUE(disk->seen.empty());
}

TEST_F(Int13Test, VerifiesWithoutTouchingMemory) {
    Int13Registers r = registers(0x0410);
    set_chs(r, 0, 0, 1);
    r.es = 0xffff;
    r.set_bx(0xffff);
    call(r);
    expect_status(r, DiskStatus::Ok);
    EXPECT_EQ(r.al(), 0x10);
    medium.bad_blocks[4] = &kMediumError;
    r = registers(0x0410);
    set_chs(r, 0, 0, 1);
    table.find(0x80)->reset();
    call(r);
    expect_status(r, DiskStatus::UncorrectableData);
    EXPECT_EQ(r.al(), 4);
}

TEST_F(Int13Test, TellsItsParameters) {
    Int13Registers r = registers(0x0800);
    r.set_bx(0x1234);
    call(r);
    expect_status(r, DiskStatus::Ok);
    EXPECT_EQ(r.bx(), 0x1200);
    EXPECT_EQ(r.dh(), 254);
    EXPECT_EQ(r.dl(), 2);   // what the BIOS data area says
    EXPECT_EQ(r.cl(), 63);  // 200000 blocks are 12 cylinders
    EXPECT_EQ(r.ch(), 200000 / (255 * 63) - 1);

    FakeMedium large(100);
    large.geometry.blocks = 1ull << 40;  // never read beyond its memory
    attach(0x81, &large);
    r = registers(0x0800, 0x81);
    call(r);
    EXPECT_EQ(r.ch(), 0xff);
    EXPECT_EQ(r.cl(), 0xc0 | 63);
    r = registers(0x1500, 0x81);
    call(r);
    EXPECT_EQ(r.ah(), 3);
    EXPECT_FALSE(r.carry());
    EXPECT_EQ(static_cast<std::uint16_t>(r.ecx), 0xffff);
    EXPECT_EQ(static_cast<std::uint16_t>(r.edx), 0xffff);
}

TEST_F(Int13Test, TellsItsTypeAndSize) {
    Int13Registers r = registers(0x15ff);
    call(r);
    EXPECT_EQ(r.ah(), 3);
    EXPECT_FALSE(r.carry());
    EXPECT_EQ((r.ecx & 0xffff) << 16 | (r.edx & 0xffff), 200000u);
}

TEST_F(Int13Test, RemembersTheLastStatusOfEachDrive) {
    attach(0x81);
    Int13Registers r = registers(0x0200);
    call(r);
    EXPECT_EQ(memory.get<std::uint8_t>(0x474), 0x01);
    r = registers(0x0100);
    call(r);
    EXPECT_EQ(r.ah(), 0x01);
    EXPECT_TRUE(r.carry());
    r = registers(0x0100);
    call(r);
    EXPECT_EQ(r.ah(), 0x01);  // asking does not change it
    r = registers(0x0100, 0x81);
    call(r);
    EXPECT_EQ(r.ah(), 0x00);
    EXPECT_FALSE(r.carry());
    r = registers(0x0000);
    call(r);
    expect_status(r, DiskStatus::Ok);
    EXPECT_EQ(memory.get<std::uint8_t>(0x474), 0x00);
}

TEST_F(Int13Test, AcceptsWhatHasNothingToDo) {
    for (std::uint16_t function : {0x0000, 0x0900, 0x0d00, 0x1000, 0x1100, 0x1400, 0x1600, 0x4900}) {
        Int13Registers r = registers(function);
        call(r);
        expect_status(r, DiskStatus::Ok);
    }
    Int13Registers r = registers(0x0c00);
    set_chs(r, 11, 254, 63);
    call(r);
    expect_status(r, DiskStatus::Ok);
    r = registers(0x0c00);
    set_chs(r, 12, 0, 1);
    call(r);
    expect_status(r, DiskStatus::SeekFailed);
}

TEST_F(Int13Test, RefusesWhatItDoesNotKnowOrMustNotDo) {
    for (std::uint16_t function :
         {0x0500, 0x0600, 0x0700, 0x1700, 0x4a00, 0x4b00, 0x4b01, 0x4c00, 0x4d00, 0x5000, 0xff00}) {
        Int13Registers r = registers(function);
        call(r);
        expect_status(r, DiskStatus::InvalidCommand);
    }
    for (std::uint16_t function : {0x4500, 0x4502, 0x4600}) {
        Int13Registers r = registers(function);
        call(r);
        expect_status(r, DiskStatus::NotRemovable);
    }
}

TEST_F(Int13Test, IsNotReadyWhileTheSessionIsLost) {
    disk->lose_session(util::Duration::seconds(1));
    Int13Registers r = registers(0x1000);
    call(r);
    expect_status(r, DiskStatus::NotReady);
}

TEST_F(Int13Test, DropsReadAheadOnReset) {
    for (std::uint64_t lba = 0; lba < 96; lba += 8) extended(0x4200, {8, lba});
    EXPECT_GT(disk->in_flight(), 0u);
    Int13Registers r = registers(0x0000);
    call(r);
    EXPECT_EQ(disk->in_flight(), 0u);
}

TEST_F(Int13Test, HasTheExtensions) {
    Int13Registers r = registers(0x4100);
    r.set_bx(0x55aa);
    call(r);
    EXPECT_FALSE(r.carry());
    EXPECT_EQ(r.ah(), 0x30);
    EXPECT_EQ(r.bx(), 0xaa55);
    EXPECT_EQ(static_cast<std::uint16_t>(r.ecx), 0x000d);
    r = registers(0x4100);
    call(r);
    expect_status(r, DiskStatus::InvalidCommand);
}

TEST_F(Int13Test, ReadsWhatAnotherDriveOfTheSameDiskHasWritten) {
    attach(0x81);  // the same medium once more
    for (std::uint16_t lba = 0; lba < 8; lba += 4)  // the second one begins read-ahead
        extended(0x4200, {4, lba});
    (void)loop.sleep(util::Duration::milliseconds(100));
    std::memset(memory.map(0x30000, 2048).data(), 0x5a, 2048);
    EddPacket packet{16, 0, std::uint16_t{4}, std::uint16_t{0}, std::uint16_t{0x3000}, std::uint64_t{8}};
    memory.put(kPacketSegment * 16u, packet);
    Int13Registers r = registers(0x4300, 0x81);
    call(r);
    expect_status(r, DiskStatus::Ok);
    expect_status(extended(0x4200, {4, 8}), DiskStatus::Ok);
    EXPECT_TRUE(same(kDataSegment * 16u, 8, 4));
    EXPECT_EQ(memory.get<std::uint8_t>(kDataSegment * 16u), 0x5a);
}

TEST_F(Int13Test, ReadsAndWritesByPacket) {
    Int13Registers r = extended(0x42ff, {127, 1000, kDataSegment, 0x200});
    expect_status(r, DiskStatus::Ok);
    EXPECT_EQ(r.al(), 0xff);
    EXPECT_EQ(packet_count(), 127);
    EXPECT_TRUE(same(0x20200, 1000, 127));

    std::memset(memory.map(0x20000, 65536).data(), 0x3c, 65536);
    for (std::uint16_t mode : {0, 1, 2})
        expect_status(extended(0x4300 | mode, {3, 77u + mode}), DiskStatus::Ok);
    EXPECT_TRUE(same(0x20000, 77, 5));
    expect_status(extended(0x4303, {3, 77}), DiskStatus::InvalidCommand);
    expect_status(extended(0x4400, {3, 77, 0xf000, 0}), DiskStatus::Ok);
    expect_status(extended(0x4700, {0, 77}), DiskStatus::Ok);
    expect_status(extended(0x4700, {0, 200000}), DiskStatus::SectorNotFound);
}

TEST_F(Int13Test, TakesFlatAddressesAndLongCounts) {
    Request request{8, 500, 0xffff, 0xffff, 24, FakeMemory::kHigh + 4096};
    expect_status(extended(0x4200, request), DiskStatus::Ok);
    EXPECT_TRUE(same(FakeMemory::kHigh + 4096, 500, 8));
    request.flat = 0x1'00000000;
    expect_status(extended(0x4200, request), DiskStatus::DataBoundary);
    EXPECT_EQ(packet_count(), 0);

    request = {0xff, 600, 0xffff, 0xffff, 32, FakeMemory::kHigh, 1000};
    expect_status(extended(0x4200, request), DiskStatus::Ok);
    EXPECT_TRUE(same(FakeMemory::kHigh, 600, 1000));
    request.long_count = 0xffffffff;
    expect_status(extended(0x4200, request), DiskStatus::SectorNotFound);
    EXPECT_EQ(memory.get<util::Le32>(kPacketSegment * 16u + 24), 0u);
    // In a short packet it is a number like any other.
    expect_status(extended(0x4200, {0xff, 600}), DiskStatus::Ok);
    EXPECT_TRUE(same(0x20000, 600, 255));
}

TEST_F(Int13Test, RefusesPacketsThatMakeNoSense) {
    expect_status(extended(0x4200, {1, 0, kDataSegment, 0, 15}), DiskStatus::InvalidCommand);
    expect_status(extended(0x4200, {1, 0, kDataSegment, 0, 0}), DiskStatus::InvalidCommand);
    expect_status(extended(0x4200, {1, 200000}), DiskStatus::SectorNotFound);
    EXPECT_EQ(packet_count(), 0);
    expect_status(extended(0x4200, {2, 199999}), DiskStatus::SectorNotFound);
    expect_status(extended(0x4200, {1, UINT64_MAX}), DiskStatus::SectorNotFound);
    expect_status(extended(0x4200, {0, 5}), DiskStatus::Ok);  // nothing to do is no error
    EXPECT_TRUE(disk->seen.empty());
    Int13Registers r = registers(0x4200);
    r.ds = 0xffff;
    r.esi = 0xffff;
    call(r);
    expect_status(r, DiskStatus::InvalidCommand);
}

TEST_F(Int13Test, RefusesMemoryThatIsNotTheCallers) {
    expect_status(extended(0x4200, {127, 0, 0xffff, 0x0010}), DiskStatus::Ok);  // the high memory area
    expect_status(extended(0x4200, {127, 0, 0xffff, 0x8000}), DiskStatus::DataBoundary);
    EXPECT_EQ(packet_count(), 0);
    // Across a 64 KiB boundary is fine: nothing here is done by DMA.
    expect_status(extended(0x4200, {4, 9, 0x1fff, 0xfff0}), DiskStatus::Ok);
    EXPECT_TRUE(same(0x1fff0 + 0xfff0, 9, 4));
}

TEST_F(Int13Test, SaysHowMuchWasDoneBeforeAnError) {
    medium.bad_blocks[1010] = &kMediumError;
    expect_status(extended(0x4200, {100, 1000}), DiskStatus::UncorrectableData);
    EXPECT_EQ(packet_count(), 10);
    EXPECT_TRUE(same(0x20000, 1000, 10));
    expect_status(extended(0x4300, {100, 1000}), DiskStatus::WriteFault);
    EXPECT_EQ(packet_count(), 10);
    medium.bad_blocks = {{20, &kMediumError}};
    Int13Registers r = registers(0x0240);
    set_chs(r, 0, 0, 1);
    call(r);
    expect_status(r, DiskStatus::UncorrectableData);
    EXPECT_EQ(r.al(), 20);
}

TEST_F(Int13Test, HasAStatusForEachFailure) {
    struct {
        const util::Failure* failure;
        DiskStatus read, write;
    } cases[] = {
        {&kMediumError, DiskStatus::UncorrectableData, DiskStatus::WriteFault},
        {&kSpaceExhausted, DiskStatus::WriteFault, DiskStatus::WriteFault},
        {&kWriteProtected, DiskStatus::WriteProtected, DiskStatus::WriteProtected},
        {&kNotReady, DiskStatus::NotReady, DiskStatus::NotReady},
        {&kPatienceEnded, DiskStatus::TimedOut, DiskStatus::TimedOut},
        {&kDriveTimedOut, DiskStatus::TimedOut, DiskStatus::TimedOut},
        {&kOutsideDisk, DiskStatus::SectorNotFound, DiskStatus::SectorNotFound},
        {&kHardwareError, DiskStatus::ControllerFailure, DiskStatus::ControllerFailure},
    };
    for (auto& expected : cases) {
        medium.bad_blocks = {{50, expected.failure}};
        expect_status(extended(0x4200, {1, 50}), expected.read);
        expect_status(extended(0x4300, {1, 50}), expected.write);
    }
    medium.geometry.read_only = true;
    expect_status(extended(0x4300, {1, 60}), DiskStatus::WriteProtected);
}

TEST_F(Int13Test, TimesOutWhenTheDiskIsGone) {
    disk->dead = true;
    expect_status(extended(0x4200, {1, 50}), DiskStatus::TimedOut);
}

TEST_F(Int13Test, TellsExtendedParametersInEachVersion) {
    struct {
        std::uint16_t room, used;
    } versions[] = {{26, 26}, {29, 26}, {30, 30}, {65, 30}, {66, 66}, {73, 66}, {74, 74}, {0x8000, 74}};
    for (auto version : versions) {
        std::memset(memory.map(kPacketSegment * 16u, 128).data(), 0xee, 128);
        memory.put(kPacketSegment * 16u, util::Le16(version.room));
        Int13Registers r = registers(0x4800);
        call(r);
        expect_status(r, DiskStatus::Ok);
        auto p = memory.get<EddParameters>(kPacketSegment * 16u);
        EXPECT_EQ(p.size, version.used);
        EXPECT_EQ(memory.get<std::uint8_t>(kPacketSegment * 16u + version.used), 0xee);
        EXPECT_EQ(p.flags, 0x000b);
        EXPECT_EQ(p.cylinders, 12u);
        EXPECT_EQ(p.heads, 255u);
        EXPECT_EQ(p.sectors, 63u);
        EXPECT_EQ(p.blocks, 200000u);
        EXPECT_EQ(p.block_size, 512);
        if (version.used >= 30) {
            EXPECT_EQ(p.extension_segment, 0xffff);
            EXPECT_EQ(p.extension_offset, 0xffff);
        }
        if (version.used < 66) continue;
        EXPECT_EQ(p.key, 0xbedd);
        EXPECT_EQ(p.path_length, version.used - 30);
        EXPECT_EQ(std::string_view(p.host_bus.data(), 4), "PCI ");
        EXPECT_EQ(std::string_view(p.interface.data(), 8), "SCSI    ");
        EXPECT_EQ(p.interface_path[0], 0);
        EXPECT_EQ(p.interface_path[1], 3);
        EXPECT_EQ(p.interface_path[2], 0);
        std::uint8_t sum = 0;
        for (std::byte b : memory.map(kPacketSegment * 16u + 30, version.used - 30u))
            sum = static_cast<std::uint8_t>(sum + std::to_integer<unsigned>(b));
        EXPECT_EQ(sum, 0);
        if (version.used == 74) {
            EXPECT_EQ(memory.get<util::Le64>(kPacketSegment * 16u + 58), 0x0001000000000000u);
        }
    }
    memory.put(kPacketSegment * 16u, util::Le16(25));
    Int13Registers r = registers(0x4800);
    call(r);
    expect_status(r, DiskStatus::InvalidCommand);
}

TEST_F(Int13Test, SwitchesReadAheadOffAndOn) {
    Int13Registers r = registers(0x4e01);
    call(r);
    expect_status(r, DiskStatus::Ok);
    EXPECT_EQ(r.al(), 0);
    for (std::uint64_t lba = 0; lba < 80; lba += 8) extended(0x4200, {8, lba});
    EXPECT_EQ(disk->seen.size(), 10u);
    r = registers(0x4e00);
    call(r);
    for (std::uint64_t lba = 80; lba < 160; lba += 8) extended(0x4200, {8, lba});
    EXPECT_GT(disk->deepest, 1u);
    r = registers(0x4e07);
    call(r);
    expect_status(r, DiskStatus::InvalidCommand);
}

TEST_F(Int13Test, ShowsACdAsOneThatIsNotEmulated) {
    FakeMedium cd(300, 2048);
    cd.geometry.is_cdrom = cd.geometry.read_only = true;
    attach(0x81, &cd);
    Int13Registers r = registers(0x4b01, 0x81);
    call(r);
    expect_status(r, DiskStatus::Ok);
    auto packet = memory.get<EmulationPacket>(kPacketSegment * 16u);
    EXPECT_EQ(packet.size, 0x13);
    EXPECT_EQ(packet.media, 0);
    EXPECT_EQ(packet.drive, 0x81);
    memory.put(kPacketSegment * 16u, util::Le16(30));
    r = registers(0x4800, 0x81);
    call(r);
    auto parameters = memory.get<EddParameters>(kPacketSegment * 16u);
    EXPECT_EQ(parameters.block_size, 2048);
    EXPECT_EQ(parameters.flags & 2, 0);
    memory.put(kPacketSegment * 16u,
               EddPacket{16, 0, std::uint16_t{2}, std::uint16_t{0}, kDataSegment, std::uint64_t{17}});
    r = registers(0x4200, 0x81);
    call(r);
    expect_status(r, DiskStatus::Ok);
    EXPECT_EQ(std::memcmp(memory.map(0x20000, 4096).data(), cd.at(17, 2).data(), 4096), 0);
}

TEST_F(Int13Test, PassesBiosDrivesOnUnderTheirOwnNumbers) {
    memory.put(0x475, std::uint8_t{3});
    Int13::Chained chained;
    Int13Registers r = registers(0x0201, 0x81);
    EXPECT_EQ(service.handle(r, chained), Outcome::ChainAndReturn);
    EXPECT_EQ(r.dl(), 0x80);
    EXPECT_EQ(r.eax, registers(0x0201).eax);
    r.set_carry(false);
    service.after_chain(r, chained);
    EXPECT_EQ(r.dl(), 0x81);

    r = registers(0x0800, 0x82);
    EXPECT_EQ(service.handle(r, chained), Outcome::ChainAndReturn);
    EXPECT_EQ(r.dl(), 0x81);
    r.set_dx(0x0f02);  // the BIOS counts its own
    r.set_carry(false);
    service.after_chain(r, chained);
    EXPECT_EQ(r.dl(), 3);
    EXPECT_EQ(r.dh(), 0x0f);

    r = registers(0x0800, 0x85);
    EXPECT_EQ(service.handle(r, chained), Outcome::ChainAndReturn);
    r.set_carry(true);
    service.after_chain(r, chained);
    EXPECT_EQ(r.dl(), 0x85);

    r = registers(0x1500, 0x81);
    EXPECT_EQ(service.handle(r, chained), Outcome::ChainAndReturn);
    r.set_ah(3);
    r.set_dx(0xbeef);  // half of the number of sectors
    r.set_carry(false);
    service.after_chain(r, chained);
    EXPECT_EQ(static_cast<std::uint16_t>(r.edx), 0xbeef);
    r = registers(0x1500, 0x81);
    service.handle(r, chained);
    r.set_ah(0);
    r.set_carry(false);
    service.after_chain(r, chained);
    EXPECT_EQ(r.dl(), 0x81);
}

TEST_F(Int13Test, LeavesDiskettesAlone) {
    Int13::Chained chained;
    for (std::uint16_t ax : {0x0201, 0x0800, 0x1500, 0x0000}) {
        Int13Registers r = registers(ax, 0x00), before = r;
        EXPECT_EQ(service.handle(r, chained), Outcome::Chain);
        EXPECT_EQ(std::memcmp(&r, &before, sizeof r), 0);
    }
}

TEST_F(Int13Test, FixesTheCountOfBiosDrivesBelowOurs) {
    table.detach(0x80);
    attach(0x81);
    memory.put(0x475, std::uint8_t{2});
    Int13::Chained chained;
    Int13Registers r = registers(0x0201, 0x80);
    EXPECT_EQ(service.handle(r, chained), Outcome::Chain);
    r = registers(0x0800, 0x80);
    EXPECT_EQ(service.handle(r, chained), Outcome::ChainAndReturn);
    EXPECT_EQ(r.dl(), 0x80);
    r.set_dl(1);
    r.set_carry(false);
    service.after_chain(r, chained);
    EXPECT_EQ(r.dl(), 2);
}

// Everything at once, against a model; by CHS and by packet, with a disk that answers in any order.
TEST_F(Int13Test, AlwaysReadsWhatTheDiskHolds) {
    for (unsigned seed = 1; seed <= 10; ++seed) {
        std::mt19937 random(seed);
        disk->shuffle = &random;
        std::uint64_t reader = 0;
        for (int step = 0; step < 500; ++step) {
            SCOPED_TRACE(testing::Message() << "seed " << seed << " step " << step);
            auto count = static_cast<std::uint16_t>(1 + random() % 127);
            std::uint64_t lba = random() % 2 ? reader : random() % 190000;
            bool writes = random() % 8 == 0;
            if (writes)
                for (auto& b : memory.map(0x20000, count * 512u)) b = static_cast<std::byte>(random());
            else
                std::memset(memory.map(0x20000, count * 512u).data(), 0xcc, count * 512u);
            if (random() % 40 == 0) {
                for (int i = 0; i < 50; ++i)
                    medium.stamp(reader + random() % 1000, static_cast<std::uint32_t>(step));
                disk->lose_session(util::Duration::microseconds(random() % 9000));
            }
            Int13Registers r;
            if (random() % 2) {
                r = extended(writes ? 0x4300 : 0x4200, {count, lba});
            } else {
                r = registers(static_cast<std::uint16_t>((writes ? 0x0300 : 0x0200) | count));
                set_chs(r, static_cast<unsigned>(lba / (255 * 63)), lba / 63 % 255, lba % 63 + 1);
                call(r);
                ASSERT_EQ(r.al(), count);
            }
            expect_status(r, DiskStatus::Ok);
            ASSERT_TRUE(same(0x20000, lba, count)) << (writes ? "written" : "read");
            if (lba == reader) reader = (reader + count) % 190000;
        }
    }
    disk->shuffle = nullptr;
}

}  // namespace san
