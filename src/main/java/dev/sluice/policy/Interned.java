package dev.sluice.policy;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One value for each key, for as long as somebody holds the value: rules under one policy share
/// it, and a rule that is compiled anew finds it as it was. Values are made by one thread at a
/// time; any thread may read.
public final class Interned<K, V> {

    private final Map<K, Held<K, V>> values = new ConcurrentHashMap<>();
    private final ReferenceQueue<V> gone = new ReferenceQueue<>();
    private final Consumer<? super K> onGone;

    private static final class Held<K, V> extends WeakReference<V> {
        private final K key;

        Held(K key, V value, ReferenceQueue<V> gone) {
            super(value, gone);
            this.key = key;
        }
    }

    public Interned() {
        this(_ -> {});
    }

    /// @param onGone notified of the key of each value that nobody holds any more, by the thread
    ///   that asks for another one, before that is made
    public Interned(Consumer<? super K> onGone) {
        this.onGone = onGone;
    }

    /// The value of a key; one that is not there is made while no lock is held.
    public V get(K key, Supplier<? extends V> make) {
        forgetGone();
        Held<K, V> held = values.get(key);
        V known = held == null ? null : held.get();
        if (known != null) {
            return known;
        }
        if (held != null) {
            forget(held); // cleared, and not in the queue yet
        }
        V made = make.get();
        values.put(key, new Held<>(key, made, gone));
        return made;
    }

    private void forgetGone() {
        for (Held<K, V> held = poll(); held != null; held = poll()) {
            forget(held);
        }
    }

    @SuppressWarnings("unchecked") // none but those made above are in this queue
    private @Nullable Held<K, V> poll() {
        return (Held<K, V>) gone.poll();
    }

    private void forget(Held<K, V> held) {
        if (values.remove(held.key, held)) {
            onGone.accept(held.key);
        }
    }

    /// How many there are, with those that nobody holds any more since the last [#get].
    public int size() {
        return values.size();
    }

    /// Calls back with each value that somebody holds.
    public void forEach(BiConsumer<? super K, ? super V> action) {
        values.forEach((key, held) -> {
            V value = held.get();
            if (value != null) {
                action.accept(key, value);
            }
        });
    }
}
