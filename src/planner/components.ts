// Everything that runs in the engine, in the order in which ties at one moment are broken.
import type { ControllerFactory } from './engine/controller.ts';

export const COMPONENTS: readonly ControllerFactory[] = [];
