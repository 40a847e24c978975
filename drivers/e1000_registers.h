// Registers of the Intel PRO/1000 family, with the data sheet's names.
//
// "SDM" is Intel's PCI/PCI-X Family of Gigabit Ethernet Controllers Software Developer's Manual (317453),
// chapter 13. What only PCI Express chips have is from the 82574 GbE Controller Family Datasheet, chapter 10, and what came
// with the 82575 from the 82576 and I210 data sheets, chapter 8; these chips still have what is older at the old addresses. What
// is in the chip set (PCH): the 82579, I217, I218 and I219 data sheets for the PHY, the PCH's external design specification, and for what neither
// says FreeBSD's sys/dev/e1000, which is Intel's own.
#pragma once

#include <cstdint>

namespace drivers::e1000 {

enum class Register : std::uint32_t {
    Ctrl = 0x0000,
    Status = 0x0008,
    Eecd = 0x0010,
    Eerd = 0x0014,
    CtrlExt = 0x0018,
    Mdic = 0x0020,
    Fextnvm4 = 0x0024,  // PCH, as are the others of these, EXTCNF_CTRL, IOSFPC, H2ME, FWSM and FFLT_DBG
    Fcal = 0x0028,
    Fcah = 0x002c,
    Fct = 0x0030,
    Kmrnctrlsta = 0x0034,
    Icr = 0x00c0,
    Imc = 0x00d8,
    Fextnvm7 = 0x00e4,
    Rctl = 0x0100,
    Fcttv = 0x0170,
    Tctl = 0x0400,
    Tipg = 0x0410,
    ExtcnfCtrl = 0x0f00,
    Iosfpc = 0x0f28,
    Pba = 0x1000,
    Pbs = 0x1008,
    Rdbal = 0x2800,
    Rdbah = 0x2804,
    Rdlen = 0x2808,
    Srrctl = 0x280c,  // 82575 and later
    Rdh = 0x2810,
    Rdt = 0x2818,
    Rdtr = 0x2820,    // not in the 82575 and later
    Rxdctl = 0x2828,
    Tdbal = 0x3800,
    Tdbah = 0x3804,
    Tdlen = 0x3808,
    Tdh = 0x3810,
    Tdt = 0x3818,
    Txdctl = 0x3828,
    Tarc0 = 0x3840,
    PcsLctl = 0x4208,  // 82575 and later
    Rxcsum = 0x5000,
    Rfctl = 0x5008,
    Mta = 0x5200,  // 128 words
    Ral = 0x5400,  // 16 pairs, low then high
    Rah = 0x5404,
    Swsm = 0x5b50,
    H2me = 0x5b50,
    Fwsm = 0x5b54,
    SwFwSync = 0x5b5c,
    Fextnvm11 = 0x5bbc,
    FfltDbg = 0x5f04,
    CrcOffset = 0x5f50,
    Uta = 0xa000,  // 128 words, 82576 and later
};
inline constexpr unsigned kUtaWords = 128;
inline constexpr unsigned kMtaWords = 128;
inline constexpr unsigned kMtaWordsPch = 32;
inline constexpr unsigned kReceiveAddresses = 16;

namespace ctrl {
inline constexpr std::uint32_t kFd = 1u << 0;
inline constexpr std::uint32_t kGioMasterDisable = 1u << 2;  // PCI Express
inline constexpr std::uint32_t kLrst = 1u << 3;
inline constexpr std::uint32_t kAsde = 1u << 5;
inline constexpr std::uint32_t kSlu = 1u << 6;
inline constexpr std::uint32_t kIlos = 1u << 7;
inline constexpr std::uint32_t kSpeedMask = 3u << 8;
inline constexpr std::uint32_t kFrcspd = 1u << 11;
inline constexpr std::uint32_t kFrcdplx = 1u << 12;
inline constexpr std::uint32_t kRst = 1u << 26;
inline constexpr std::uint32_t kRfce = 1u << 27;
inline constexpr std::uint32_t kTfce = 1u << 28;
inline constexpr std::uint32_t kVme = 1u << 30;
inline constexpr std::uint32_t kPhyRst = 1u << 31;
}  // namespace ctrl

namespace status {
inline constexpr std::uint32_t kFd = 1u << 0;
inline constexpr std::uint32_t kLu = 1u << 1;
inline constexpr unsigned kFunctionIdShift = 2;
inline constexpr unsigned kSpeedShift = 6;  // 0: 10, 1: 100, 2 and 3: 1000 Mbit/s
inline constexpr std::uint32_t kPcixMode = 1u << 13;
inline constexpr std::uint32_t kGioMasterEnable = 1u << 19;  // PCI Express
}  // namespace status

namespace eecd {
inline constexpr std::uint32_t kAutoRd = 1u << 9;  // PCI Express: the EEPROM has been read after reset
}

// EERD comes in two layouts: 82540, 82545 and 82546; and 82541, 82547 and PCI Express (SDM 13.4.4).
namespace eerd {
inline constexpr std::uint32_t kStart = 1u << 0;
inline constexpr std::uint32_t kDoneNarrow = 1u << 4;
inline constexpr unsigned kAddressShiftNarrow = 8;
inline constexpr std::uint32_t kDoneWide = 1u << 1;
inline constexpr unsigned kAddressShiftWide = 2;
inline constexpr unsigned kDataShift = 16;
}  // namespace eerd

namespace ctrl_ext {
inline constexpr std::uint32_t kDrvLoad =
    1u << 28;  // PCI Express: tells management firmware that a driver is there
inline constexpr unsigned kLinkModeShift = 22;  // 82575 and later
inline constexpr std::uint32_t kLinkModeMask = 3;
inline constexpr std::uint32_t kSgmii = 2;
inline constexpr std::uint32_t kForceSmbus = 1u << 11;     // PCH
inline constexpr std::uint32_t kSpeedBypass = 1u << 15;
inline constexpr std::uint32_t kMustBeOnePch = 1u << 22;
}  // namespace ctrl_ext

// The MAC's side of SGMII.
namespace pcs_lctl {
inline constexpr std::uint32_t kFsd = 1u << 4;
inline constexpr std::uint32_t kForceLink = 1u << 5;
inline constexpr std::uint32_t kAnEnable = 1u << 16;
inline constexpr std::uint32_t kAnRestart = 1u << 17;
inline constexpr std::uint32_t kAnTimeoutEnable = 1u << 18;
}  // namespace pcs_lctl

namespace swsm {
inline constexpr std::uint32_t kSmbi = 1u << 0;     // a read that finds 0 sets it
inline constexpr std::uint32_t kSwesmbi = 1u << 1;  // reads as 1 only when firmware has not taken it
inline constexpr std::uint32_t kDrvLoad = 1u << 3;  // 82573
}  // namespace swsm
inline constexpr unsigned kFirmwareShift = 16;  // SW_FW_SYNC: firmware's flags behind those of software

// Management data interface, to the PHY (SDM 13.4.7; its registers: drivers/phy_registers.h).
namespace mdic {
inline constexpr unsigned kRegisterShift = 16;
inline constexpr std::uint32_t kPhy1 = 1u << 21;  // the one within the chip, and the pages from 768 on of the PCH's
inline constexpr std::uint32_t kPhy2 = 2u << 21;  // page 0 of the PCH's
inline constexpr std::uint32_t kOpWrite = 1u << 26;
inline constexpr std::uint32_t kOpRead = 2u << 26;
inline constexpr std::uint32_t kReady = 1u << 28;
inline constexpr std::uint32_t kError = 1u << 30;
}  // namespace mdic

namespace rctl {
inline constexpr std::uint32_t kEn = 1u << 1;
inline constexpr std::uint32_t kMpe = 1u << 4;
inline constexpr std::uint32_t kBam = 1u << 15;
inline constexpr std::uint32_t kBsize2048 = 0u << 16;
inline constexpr std::uint32_t kSecrc = 1u << 26;
}  // namespace rctl
// RCTL of an open e1000, which ROMs for it write before they unpack (arch/prefix/early_receiver.inc).
inline constexpr std::uint32_t kReceive = rctl::kEn | rctl::kMpe | rctl::kBam | rctl::kBsize2048;

namespace tctl {
inline constexpr std::uint32_t kEn = 1u << 1;
inline constexpr std::uint32_t kPsp = 1u << 3;
inline constexpr std::uint32_t kCt = 0x0fu << 4;     // recommended
inline constexpr std::uint32_t kCold = 0x40u << 12;  // full duplex, recommended
}  // namespace tctl

inline constexpr std::uint32_t kTransmitting = tctl::kEn | tctl::kPsp | tctl::kCt | tctl::kCold;

// IPGR2 6, IPGR1 8, IPGT 10 for copper; the 82544 and the PCI Express chips want IPGT 8 (SDM 13.4.34).
namespace tipg {
inline constexpr std::uint32_t kIpgt10 = 6u << 20 | 8u << 10 | 10u;
inline constexpr std::uint32_t kIpgt8 = 6u << 20 | 8u << 10 | 8u;
inline constexpr std::uint32_t kIpgt12 = 6u << 20 | 8u << 10 | 12u;  // I219 below 1000 Mbit/s
}  // namespace tipg

namespace txdctl {
inline constexpr std::uint32_t kWthresh1 = 1u << 16;
inline constexpr std::uint32_t kMustBeOne = 1u << 22;  // 82571 and later
inline constexpr std::uint32_t kGran = 1u << 24;
}  // namespace txdctl

// RXDCTL and TXDCTL of the 82575 and later. Up to 8 descriptors are fetched ahead; one is written back at once.
namespace queue {
inline constexpr std::uint32_t kPthresh8 = 8u << 0;
inline constexpr std::uint32_t kHthresh1 = 1u << 8;
inline constexpr std::uint32_t kWthresh1 = 1u << 16;
inline constexpr std::uint32_t kEnable = 1u << 25;
inline constexpr std::uint32_t kReceive = kPthresh8 | kHthresh1 | kWthresh1 | kEnable;
inline constexpr std::uint32_t kTransmit = kPthresh8 | kHthresh1 | kEnable;
inline constexpr std::uint32_t kFlush = 31u << 0 | kHthresh1 | 1u << 24;  // I219: by descriptors
}  // namespace queue

inline constexpr std::uint32_t kSrrctlAdvanced2048 = 1u << 25 | 2;  // DESCTYPE 001b, BSIZEPACKET in KiB

namespace rxcsum {
inline constexpr std::uint32_t kIpofl = 1u << 8;
inline constexpr std::uint32_t kTuofl = 1u << 9;
}  // namespace rxcsum

inline constexpr std::uint32_t kRahAddressValid = 1u << 31;

namespace extcnf_ctrl {
inline constexpr std::uint32_t kSwflag = 1u << 5;
}

namespace fwsm {
inline constexpr std::uint32_t kUlpDone = 1u << 10;
inline constexpr std::uint32_t kValid = 1u << 15;  // there is firmware at work
}  // namespace fwsm

namespace h2me {
inline constexpr std::uint32_t kUlp = 1u << 11;
inline constexpr std::uint32_t kEnforce = 1u << 12;
}  // namespace h2me

namespace fextnvm4 {  // how long a K1 beacon is
inline constexpr std::uint32_t kBeaconMask = 7;
inline constexpr std::uint32_t kBeacon8 = 7;   // us
inline constexpr std::uint32_t kBeacon16 = 3;
}  // namespace fextnvm4

namespace fextnvm7 {
inline constexpr std::uint32_t kDisableSmbPerst = 1u << 5;
}
namespace fextnvm11 {
inline constexpr std::uint32_t kDisableMulrFix = 1u << 13;
}
namespace ffltdbg {
inline constexpr std::uint32_t kDmaClock = 1u << 12;
}
namespace iosfpc {
inline constexpr std::uint32_t kRdmtsHex = 1u << 16;
}
namespace rfctl {
inline constexpr std::uint32_t kNfsOff = 1u << 6 | 1u << 7;
}

// To the wires between MAC and PHY (Kumeran).
namespace kmrnctrlsta {
inline constexpr std::uint32_t kK1Config = 7u << 16;
inline constexpr std::uint32_t kK1Enable = 1u << 1;
inline constexpr std::uint32_t kRead = 1u << 21;
}  // namespace kmrnctrlsta
inline constexpr std::uint32_t kPba8 = 8, kPbs16 = 16;             // KiB: for receiving, and in all
inline constexpr std::uint32_t kCrcOffsetNoise = 0x65656565;  // noise is a bad frame, and not handed over

namespace tarc0 {
inline constexpr std::uint32_t kRequired = 1u << 23 | 1u << 24 | 1u << 26 | 1u << 27;
inline constexpr std::uint32_t kRequestsMask = 3u << 28;
inline constexpr std::uint32_t kTwoRequests = 2u << 28;
}  // namespace tarc0

// The PHY's registers on pages.
namespace pch {
struct PhyRegister {
    std::uint16_t page, reg;
};
inline constexpr std::uint32_t kPageSelect = 31;
inline constexpr unsigned kPageShift = 5;
inline constexpr PhyRegister kMdioMode{769, 16};
inline constexpr std::uint32_t kMdioSlow = 1u << 10;
inline constexpr PhyRegister kPortGeneral{769, 17};
inline constexpr std::uint32_t kHostWakeUp = 1u << 4;
inline constexpr PhyRegister kSmbusControl{769, 23};
inline constexpr std::uint32_t kForceSmbus = 1u << 0;
inline constexpr PhyRegister kPowerControl{770, 17};
inline constexpr std::uint32_t kK1ClockRequest = 1u << 9;
inline constexpr std::uint32_t kK1Enable = 1u << 14;
inline constexpr PhyRegister kKumeranDiagnostic{770, 19};
inline constexpr std::uint32_t kLinkIsUp = 0x0100;
inline constexpr PhyRegister kPllClockGate{772, 28};
inline constexpr std::uint32_t kPllClockGateMask = 0x7ff;
inline constexpr std::uint32_t kPllGateGigabit = 0xfa;
inline constexpr std::uint32_t kPllGateSlow = 0x3e8;
inline constexpr PhyRegister kPointerGap{776, 20};
inline constexpr std::uint32_t kGapMask = 0x3ff << 2;
inline constexpr std::uint32_t kGapGigabit = 0x18 << 2;
inline constexpr std::uint32_t kGapSlow = 0xc023;
inline constexpr PhyRegister kUlpConfig{779, 16};
inline constexpr std::uint32_t kUlpStart = 1u << 0;
inline constexpr std::uint32_t kUlpClear = 0x1d74;  // all that asks for this mode
}  // namespace pch

// Legacy receive descriptor, SDM 3.2.3.
struct ReceiveDescriptor {
    std::uint64_t address;
    std::uint16_t length;
    std::uint16_t checksum;
    std::uint8_t status;
    std::uint8_t errors;
    std::uint16_t special;
};
static_assert(sizeof(ReceiveDescriptor) == 16);

// Advanced one-buffer receive descriptor, 82576 data sheet, 7.1.4: given to the device with addresses, and written over by it (7.1.5)
// with its findings, of which the bits of status and errors that we look at are the legacy one's.
struct AdvancedReceiveDescriptor {
    std::uint64_t address;  // behind: RSS hash or IP fragment, packet type
    std::uint8_t status;    // before, the 8 bytes from here on: address of a header buffer, with DD in bit 0
    std::uint8_t more[2];
    std::uint8_t errors;
    std::uint16_t length;
    std::uint16_t vlan;
};
static_assert(sizeof(AdvancedReceiveDescriptor) == 16);

namespace receive_status {
inline constexpr std::uint8_t kDd = 1u << 0;
inline constexpr std::uint8_t kEop = 1u << 1;
inline constexpr std::uint8_t kIxsm = 1u << 2;
inline constexpr std::uint8_t kTcpcs = 1u << 5;  // TCP or UDP checksum was looked at
inline constexpr std::uint8_t kIpcs = 1u << 6;
}  // namespace receive_status

namespace receive_error {
inline constexpr std::uint8_t kCe = 1u << 0;
inline constexpr std::uint8_t kSe = 1u << 1;
inline constexpr std::uint8_t kSeq = 1u << 2;
inline constexpr std::uint8_t kCxe = 1u << 4;
inline constexpr std::uint8_t kTcpe = 1u << 5;
inline constexpr std::uint8_t kIpe = 1u << 6;
inline constexpr std::uint8_t kRxe = 1u << 7;
inline constexpr std::uint8_t kFrame = kCe | kSe | kSeq | kCxe | kRxe;
}  // namespace receive_error

// Transmit descriptor: legacy (SDM 3.3.3), TCP/IP context (3.3.6) and TCP/IP data (3.3.7). The names are the legacy one's;
// what the others have in its place is said beside.
struct TransmitDescriptor {
    std::uint64_t address;  // context: IPCSS, IPCSO, IPCSE (16 bits), TUCSS, TUCSO, TUCSE (16 bits)
    std::uint16_t length;   // context: PAYLEN, its lower 16 bits
    std::uint8_t cso;       // context and data: DTYP in the upper four bits
    std::uint8_t command;
    std::uint8_t status;
    std::uint8_t css;       // context: HDRLEN; data: POPTS
    std::uint16_t special;  // context: MSS
};
static_assert(sizeof(TransmitDescriptor) == 16);

namespace transmit_command {
inline constexpr std::uint8_t kEop = 1u << 0;
inline constexpr std::uint8_t kIfcs = 1u << 1;
inline constexpr std::uint8_t kRs = 1u << 3;
inline constexpr std::uint8_t kDext = 1u << 5;         // context or data
inline constexpr std::uint8_t kTse = 1u << 2;          // context and data: cut into segments
inline constexpr std::uint8_t kContextTcp = 1u << 0;   // context only
inline constexpr std::uint8_t kContextIpv4 = 1u << 1;  // context only
}  // namespace transmit_command

inline constexpr std::uint8_t kDataDescriptor = 1u << 4;  // DTYP 0001b
// POPTS, in the first data descriptor of a packet.
inline constexpr std::uint8_t kInsertChecksums = 1u << 0 | 1u << 1;  // IXSM, TXSM

inline constexpr std::uint8_t kTransmitDone = 1u << 0;

}  // namespace drivers::e1000
