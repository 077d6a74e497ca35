/** Soft sounds, made on the spot. */

let context: AudioContext | null = null;

/** Two quiet sine notes that fade, one after the other. */
export function chime(notes: [number, number]): void {
  context ??= new AudioContext();
  const { currentTime, destination } = context;
  notes.forEach((frequency, index) => {
    const start = currentTime + index * 0.14;
    const tone = context!.createOscillator();
    const gain = context!.createGain();
    tone.frequency.value = frequency;
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(0.06, start + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.0001, start + 0.5);
    tone.connect(gain).connect(destination);
    tone.start(start);
    tone.stop(start + 0.55);
  });
}

export const MESSAGE: [number, number] = [660, 880];
export const MATCH: [number, number] = [523, 784];
