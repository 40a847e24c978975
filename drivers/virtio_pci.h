// VIRTIO over PCI: the legacy and the modern register interface behind one class. VIRTIO 1.2, section 4.1.
#pragma once

#include "drivers/drivers.h"
#include "drivers/pci_function.h"
#include "drivers/register_window.h"
#include "drivers/virtqueue.h"

namespace drivers {

namespace virtio {

// Device status, section 2.1.
inline constexpr std::uint8_t kAcknowledge = 1;
inline constexpr std::uint8_t kDriver = 2;
inline constexpr std::uint8_t kDriverOk = 4;
inline constexpr std::uint8_t kFeaturesOk = 8;
inline constexpr std::uint8_t kFailed = 128;

// Feature bits that are no device type's own, section 6.
inline constexpr std::uint64_t kAnyLayout = 1ull << 27;  // legacy only
inline constexpr std::uint64_t kVersion1 = 1ull << 32;
inline constexpr std::uint64_t kAccessPlatform = 1ull << 33;

}  // namespace virtio

class VirtioPci {
  public:
    explicit VirtioPci(platform::PciAddress address) : pci_(address) {}

    // Finds the registers. Failure: kRegistersOutOfReach.
    util::Result<void> find_registers();
    bool is_modern() const { return static_cast<bool>(common_); }
    PciFunction& pci() { return pci_; }
    const RegisterWindow& device_config() const { return device_; }

    // Resets the device and says that a driver is there. Failure: kNoAnswer.
    util::Result<void> start();
    std::uint64_t offered_features() const;
    // Failure: kNotAsSpecified, when the device does not accept what it has offered.
    util::Result<void> accept_features(std::uint64_t features);
    // Makes a queue as large as the device wants, at most kMostSlots where that can be chosen, and shows it
    // to the device. Failure: kNotAsSpecified, kOutOfMemory.
    util::Result<void> open_queue(std::uint16_t index, Virtqueue& queue, unsigned pieces_per_packet);
    void run() { set_status(status() | virtio::kDriverOk); }
    // No DMA after it, and the queues forgotten.
    void reset();

    void notify(std::uint16_t queue) const { notify_at_[queue].write16(0, queue); }

  private:
    static constexpr unsigned kQueues = 3;
    bool find_modern();
    RegisterWindow find_window(std::uint8_t type, std::uint8_t* capability = nullptr) const;
    std::uint8_t status() const;
    void set_status(std::uint8_t status) const;
    util::Result<void> open_legacy_queue(Virtqueue& queue, unsigned pieces_per_packet);
    util::Result<void> open_modern_queue(std::uint16_t index, Virtqueue& queue, unsigned pieces_per_packet);

    PciFunction pci_;
    RegisterWindow legacy_;
    RegisterWindow common_, notify_, device_;
    std::uint32_t notify_multiplier_ = 0;
    RegisterWindow notify_at_[kQueues];
};

}  // namespace drivers
