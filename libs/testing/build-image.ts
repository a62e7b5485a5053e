import { writeTestImage } from './src/build-image.ts';

// `node libs/testing/build-image.ts`, after every change of `protos/`; a test compares.
writeTestImage();
