import { mount } from '../mount';
import { MetricsPanel } from './metricsPanel';

mount(new MetricsPanel());
