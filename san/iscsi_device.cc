#include "san/iscsi_device.h"

#include "san/iscsi_failures.h"

namespace san {

using util::Result;

Result<util::Owned<IscsiDevice>> IscsiDevice::begin(const IscsiContext& context, const IscsiConfig& config) {
    auto device = TRY(util::make_owned<IscsiDevice>(context, config));
    device->patience_ = config.open_timeout;
    device->begin_search();
    context.loop.add(*device);
    return device;
}

Result<util::Owned<IscsiDevice>> IscsiDevice::open(const IscsiContext& context, const IscsiConfig& config,
                                                   Diagnosis& out) {
    auto device = TRY(begin(context, config));
    auto waited = context.loop.run_until(
        [&] { return device->state_ == State::Ready || device->state_ == State::Down; },
        context.loop.now() + config.open_timeout);
    if (device->state_ == State::Ready) return device;
    // Out of time, the last trouble says more than the clock does.
    const util::Failure* failure = device->final_failure_;
    if (!waited.ok() && (!failure || &waited.failure() != &util::kTimedOut)) {
        failure = &waited.failure();
        if (device->diagnosis_.what.view().empty()) device->diagnose("login", *failure);
    }
    out = device->diagnosis_;
    return *failure;
}

IscsiDevice::~IscsiDevice() {
    for (Slot& slot : slots_) slot.task.unlink();
    session_.reset();
}

bool IscsiDevice::poll(util::Instant now) {
    clock_.advance(now);
    switch (state_) {
        case State::Resolving: follow_resolver(); return state_ != State::Resolving;
        case State::Waiting:
            if (clock_.now() < retry_at_) return false;
            begin_search();
            return true;
        case State::LoggingIn:
        case State::Probing:
        case State::Ready: return follow_session(now);
        case State::Down: return false;
    }
    return false;
}

util::Instant IscsiDevice::poll_at() const {
    switch (state_) {
        case State::Down: return util::Instant::never();
        case State::Waiting: return clock_.real(retry_at_);
        case State::Resolving: return clock_.next_tick();
        case State::Probing:
            if (!probe_.in_flight()) return std::min(session_->poll_at(), clock_.real(probe_.next_at()));
            break;
        default: break;
    }
    util::Instant at = session_->poll_at();
    for (const Slot& slot : slots_)
        if (slot.waiting) at = std::min(at, clock_.real(slot.retry.again_at()));
    return at;
}

void IscsiDevice::fail_request(BlockRequest& request, const util::Failure& failure) {
    request.unlink();
    request.failure = &failure;
    request.state = BlockRequest::State::Failed;
}

void IscsiDevice::submit(BlockRequest& request) {
    using Operation = BlockRequest::Operation;
    request.state = BlockRequest::State::Pending;
    request.failure = nullptr;
    request.failed_lba = request.lba;
    bool moves = request.operation != Operation::Flush;
    if (moves) {
        ASSERT(request.data.size() == std::size_t{request.count} * geometry_.block_size);
        ASSERT(request.count <= max_transfer_blocks());
        if (request.lba > geometry_.blocks || request.count > geometry_.blocks - request.lba)
            return fail_request(request, kOutsideDisk);
    }
    bool writes = request.operation == Operation::Write;
    if (writes && geometry_.read_only) return fail_request(request, kWriteProtected);
    if (dead_) return fail_request(request, *final_failure_);
    if (moves && request.count == 0) {
        request.state = BlockRequest::State::Done;
        return;
    }
    pending_.push_back(request);
    wanted_ = true;
    if (state_ == State::Ready) session_->set_idle_ping(IscsiSession::IdlePing::On);
    if (state_ == State::Down) lose_session();
}

void IscsiDevice::cancel(BlockRequest& request) {
    request.unlink();
    request.state = BlockRequest::State::Idle;
    for (Slot& slot : slots_) {
        if (slot.request != &request) continue;
        slot.request = nullptr;
        slot.waiting = false;
        if (session_) session_->abandon(slot.task);
        slot.task.unlink();
    }
}

IscsiDevice::Slot* IscsiDevice::free_slot() {
    for (Slot& slot : slots_)
        if (!slot.request) return &slot;
    return nullptr;
}

IscsiDevice::Slot* IscsiDevice::slot_of(const ScsiTask& task) {
    for (Slot& slot : slots_)
        if (&slot.task == &task) return &slot;
    return nullptr;
}

void IscsiDevice::send(Slot& slot) {
    using Operation = BlockRequest::Operation;
    const BlockRequest& request = *slot.request;
    slot.waiting = false;
    ScsiTask& task = slot.task;
    task.lun = config_.uri.lun;
    task.data = {};
    task.direction = ScsiTask::Direction::None;
    if (slot.starting) {
        task.cdb = cdb_start_unit();
    } else if (request.operation == Operation::Flush) {
        task.cdb = cdb_synchronize_cache();
    } else {
        bool reads = request.operation == Operation::Read;
        task.cdb = cdb_transfer(reads ? Transfer::Read : Transfer::Write, request.lba, request.count);
        task.direction = reads ? ScsiTask::Direction::In : ScsiTask::Direction::Out;
        task.data = request.data;
    }
    session_->submit(task);
}

bool IscsiDevice::dispatch() {
    bool moved = false;
    for (Slot& slot : slots_) {
        if (!slot.waiting || clock_.now() < slot.retry.again_at()) continue;
        send(slot);
        moved = true;
    }
    while (!pending_.empty()) {
        Slot* slot = free_slot();
        if (!slot) break;
        slot->request = pending_.pop_front();
        slot->retry.reset();
        slot->starting = false;
        send(*slot);
        moved = true;
    }
    return moved;
}

bool IscsiDevice::collect() {
    bool moved = false;
    while (ScsiTask* task = session_->take_done()) {
        moved = true;
        if (Slot* slot = slot_of(*task)) task_done(*slot);
    }
    return moved;
}

void IscsiDevice::task_done(Slot& slot) {
    static constexpr const char* kStages[] = {"read", "write", "flush"};
    constexpr std::uint8_t kParametersChanged = 0x2a;
    protocol_failures_ = 0;
    BlockRequest& request = *slot.request;
    ScsiVerdict verdict = judge(slot.task);
    const util::Failure* failure = verdict.failure;
    ScsiAction action = slot.retry.decide(verdict, clock_.now());
    slot.waiting = slot.starting || (action != ScsiAction::Done && action != ScsiAction::Fail);
    slot.starting = action == ScsiAction::StartUnit;
    // Reset, a new medium, other LUNs: commands may be lost, and the disk may be another one. It is looked at once.
    bool attention = verdict.sense.key == SenseKey::UnitAttention && verdict.sense.asc != kParametersChanged;
    if (attention && !looked_again_) suspect_ = looked_again_ = true;
    // A unit without a cache need not know SYNCHRONIZE CACHE.
    if (request.operation == BlockRequest::Operation::Flush && failure == &kIllegalRequest) failure = nullptr;
    if (!slot.waiting && !failure && slot.task.transferred != slot.task.data.size()) failure = &kShortTransfer;
    std::uint64_t good = verdict.sense.information - request.lba;
    if (verdict.sense.has_information && good < request.count) request.failed_lba = request.lba + good;
    if (failure) diagnose(kStages[static_cast<unsigned>(request.operation)], *failure, &verdict.sense);
    if (slot.waiting) return;
    looked_again_ = false;
    complete(slot, failure);
}

void IscsiDevice::complete(Slot& slot, const util::Failure* failure) {
    BlockRequest& request = *std::exchange(slot.request, nullptr);
    request.failure = failure;
    request.state = failure ? BlockRequest::State::Failed : BlockRequest::State::Done;
}

bool IscsiDevice::reconnecting() const {
    if (state_ != State::Ready) return state_ != State::Down;
    for (const Slot& slot : slots_)
        if (slot.request && slot.retry.busy()) return true;
    return false;
}

bool IscsiDevice::quiet() const {
    for (const Slot& slot : slots_)
        if (slot.request) return false;
    return const_cast<util::List<BlockRequest>&>(pending_).empty();
}

void IscsiDevice::quiesce() {
    wanted_ = false;
    if (session_) session_->set_idle_ping(IscsiSession::IdlePing::Off);
}

void IscsiDevice::wake() {
    if (state_ != State::Down || dead_) return;
    wanted_ = true;
    lose_session();
}

void IscsiDevice::close() {
    if (state_ == State::Ready) {
        session_->logout();
        auto cancel = context_.loop.cancel();
        context_.loop.set_cancel(util::Loop::Cancel::Never);
        dead_ = true;  // session_ended() does not log in again
        (void)context_.loop.run_until([this] { return state_ == State::Down; },
                                      context_.loop.now() + util::Duration::seconds(2));
        context_.loop.set_cancel(cancel);
    }
    dead_ = true;
    give_up(kDeviceClosed);
}

}  // namespace san
